WHO = ("anonymous", "head", "coordinator", "homeroom", "other-homeroom", "teacher", "pupil", "guardian", "other-school", "named")
DECIDED = {}
