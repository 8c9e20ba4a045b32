"""Records of any kind that a policy declares: what there is, one register, one record, its forms. No kind is known to this code."""
