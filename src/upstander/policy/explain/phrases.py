"""What an explanation says, one pattern for each kind of statement; the catalogues of this room have the other languages."""

from __future__ import annotations

from upstander.policy.words import N_

STARTED = {
    "event": N_("It began with “%(event)s” on %(moment)s."),
    "fact": N_("It began on %(moment)s, when %(fact)s came to hold."),
    "overdue": N_("It began on %(moment)s, because %(duty)s was late."),
    "breach": N_("It began on %(moment)s, because %(limit)s was not kept to."),
    "window": N_("This round began on %(moment)s."),
    "link": N_("This round began on %(moment)s, after the one before it was done."),
    "reopened": N_("It began anew on %(moment)s, when the record was opened again."),
}
DUE = {
    "rule": N_("The rule gives this time: %(deadline)s."),
    "at": N_("That makes it due on %(moment)s."),
    "none": N_("It has no due moment; it waits until somebody decides."),
    "not-yet": N_("The due moment is not known yet; it depends on something that has not been recorded."),
    "window": N_("It belongs to the time from %(first)s to %(last)s."),
    "opens": N_("It can be done from %(moment)s on."),
    "first-day": N_("Counting begins after %(day)s."),
    "skipped": N_("Not counted: %(days)s."),
    "paused": N_("It waited from %(first)s to %(last)s, because %(fact)s held."),
    "extended": N_("On %(moment)s it was extended to %(to)s."),
}
WHY_SKIPPED = {
    "weekend": N_("%(day)s (weekend)"),
    "holiday": N_("%(day)s (public holiday)"),
    "closed": N_("%(day)s (school closed)"),
    "between-terms": N_("%(day)s (outside the terms)"),
    "paused": N_("%(day)s (waiting)"),
}
FLAGS = {
    "calendar assumed": N_(
        "The school's calendar has no data for these days, so school days are assumed from the policy, otherwise Monday to Friday."
    ),
    "calendar missing": N_("The school's calendar has no term for this time, so the due moment cannot be worked out."),
    "date missing": N_("The date that it depends on was not filled in, so the due moment cannot be worked out."),
    "recorded late": N_("It was done in time, but written down only after the due moment."),
}
STATE = {
    "met": N_("“%(event)s” on %(moment)s settled it in time."),
    "met-late": N_("“%(event)s” on %(moment)s settled it, after the due moment."),
    "waived": N_("It was waived on %(moment)s."),
    "until": N_("It fell away with “%(event)s” on %(moment)s."),
    "offer ended": N_("It was an offer, and its time has passed."),
    "lapsed": N_("It was not done in its time, which has ended."),
    "upcoming": N_("Its time has not come yet."),
    "overdue": N_("The due moment has passed and it is still open."),
    "pending": N_("It is open."),
    "due": N_("It is open and due soon."),
    "paused": N_("It waits, because %(fact)s holds now."),
}
BLOCKED = {
    "if": N_("It does not apply, because %(fact)s did not hold on %(moment)s."),
    "unless": N_("It does not apply, because %(fact)s held on %(moment)s."),
    "paused": N_("It does not apply, because %(fact)s held all through its time."),
}
AHEAD = {
    "settle": N_("This settles it: %(event)s."),
    "missing": N_("Still missing: %(event)s."),
    "waive": N_("May waive it: %(posts)s."),
    "extend": N_("May extend it: %(posts)s."),
    "nobody": N_("Nobody may waive it."),
}
ABSENT = {
    "version": N_("The policy in force has no such rule."),
    "event": N_("Nothing of this kind has been recorded: %(event)s."),
    "test": N_("“%(event)s” was recorded on %(moment)s, but this rule asks for more: %(condition)s."),
    "key": N_("“%(event)s” was recorded on %(moment)s, but names nobody as %(name)s."),
    "fact": N_("%(fact)s has not come to hold."),
    "part": N_("%(fact)s does not hold, because %(part)s does not hold."),
    "part-none": N_("%(fact)s does not hold, because %(part)s holds."),
    "holds": N_("%(fact)s holds, but did not begin to hold while this rule was in force."),
    "nobody": N_("Nobody has been named as %(name)s."),
    "other": N_("It was recorded, but not about this person: %(event)s."),
    "overdue": N_("%(duty)s has not been late."),
    "not-asked": N_("%(duty)s has not been asked for, so it cannot be late."),
    "breach": N_("%(limit)s has been kept to."),
    "arose": N_("It did arise, on %(moment)s."),
}
LIFT = {
    "never": N_("This is never to be done."),
    "while": N_("This is not to be done while %(held)s holds."),
    "unless": N_("It may be done once %(held)s holds."),
    "facts": N_("First this must hold: %(held)s."),
    "records": N_("First this must be recorded: %(deeds)s."),
    "roles": N_("Only %(posts)s may do this."),
    "others": N_("Somebody else must do this, who was not named as or did: %(names)s."),
    "duties": N_("Still open: %(duties)s."),
}
