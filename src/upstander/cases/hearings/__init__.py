"""Hearings: who is heard by whom and when, what each of them said, and where the accounts differ.

Which kinds of event a hearing is made of says the pack (``rooms.hearings`` of a kind of record); what must not be stands in its
limits and stops a step here as it does in the plain forms.
"""
