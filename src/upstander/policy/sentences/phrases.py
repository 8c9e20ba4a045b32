"""The patterns of which sentences are made. Each language orders the same parts in its own way.

A part that is not there is empty; spaces and commas around it are tidied away afterwards.
"""

from __future__ import annotations

from upstander.policy.words import N_

DUTY = {
    "must": N_("%(when)s %(who)s is to %(deed)s %(by)s %(rhythm)s %(each)s %(guards)s %(clause)s."),
    "should": N_("%(when)s %(who)s should %(deed)s %(by)s %(rhythm)s %(each)s %(guards)s %(clause)s."),
    "may": N_("%(when)s %(who)s may %(deed)s %(by)s %(rhythm)s %(each)s %(guards)s %(clause)s."),
}
FOREIGN_DEED = N_("do this: %(deed)s")
SCHOOL = N_("the school")

WHEN = {
    "event": N_("After %(event)s,"),
    "fact": N_("As soon as %(fact)s holds,"),
    "overdue": N_("When %(duty)s is late,"),
    "breach": N_("When %(limit)s was not kept to,"),
}
GUARDS = {
    "if": N_("if %(facts)s holds"),
    "unless": N_(", unless %(facts)s holds"),
    "paused": N_(", waiting while %(fact)s holds"),
    "until": N_(", until %(event)s"),
    "times": N_(", %(n)s times"),
    "not-before": N_(", not before: %(moment)s"),
}
EACH = N_("for each person named as %(names)s")
EACH_RULE = N_("(looked at for each person named as %(names)s)")
EACH_VALUE = N_("separately for each %(names)s")
EACH_RULE_VALUE = N_("(looked at separately for each %(names)s)")
WHO = {
    "role": N_("the %(role)s"),
    "quoted": N_("whoever holds the post %(role)s"),
    "did": N_("whoever did so"),
    "did-or": N_("whoever did so (or else %(role)s)"),
    "key": N_("the person named as %(name)s"),
    "guardians": N_("the parents or guardians of the person named as %(name)s"),
}
MORE = {
    "climbs": N_("If it is not done, %(role)s is told %(after)s after the deadline."),
    "waived": N_("It may be waived by %(roles)s."),
    "extended": N_("The deadline may be extended by %(roles)s."),
}

LIMIT = {
    "never": N_("%(act)s must never happen %(each)s %(guards)s %(clause)s."),
    "only": N_("%(act)s may happen only on these conditions: %(conditions)s %(each)s %(guards)s %(clause)s."),
    "never-should": N_("%(act)s should not happen %(each)s %(guards)s %(clause)s."),
    "only-should": N_("%(act)s should happen only on these conditions: %(conditions)s %(each)s %(guards)s %(clause)s."),
}
CONDITIONS = {
    "after": N_("after %(events)s"),
    "while": N_("while %(facts)s holds"),
    "by": N_("done by %(roles)s"),
    "not-by": N_("not done by anybody who was or did %(names)s"),
}
LIMIT_GUARDS = {"while": N_(", while %(facts)s holds"), "unless": N_(", unless %(facts)s holds")}

FACT = {
    "true-from": N_("%(fact)s holds from %(start)s on %(ends)s %(each)s %(clause)s."),
    "quiet": N_(
        "%(fact)s holds when there has been no %(quiet)s for %(distance)s, counted from %(since)s %(each)s %(clause)s."
    ),
    "count": N_("%(fact)s holds when there is %(event)s at least %(n)s times %(within)s %(each)s %(clause)s."),
    "sum": N_("%(fact)s holds when %(field)s of %(event)s adds up to at least %(n)s %(within)s %(each)s %(clause)s."),
    "distinct": N_(
        "%(fact)s holds when %(event)s has at least %(n)s different values of %(field)s %(within)s %(each)s %(clause)s."
    ),
    "overdue": N_("%(fact)s holds while %(duty)s is late %(each)s %(clause)s."),
    "all of": N_("%(fact)s holds when all of these hold: %(facts)s %(each)s %(clause)s."),
    "any of": N_("%(fact)s holds when one of these holds: %(facts)s %(each)s %(clause)s."),
    "none of": N_("%(fact)s holds when none of these holds: %(facts)s %(each)s %(clause)s."),
    "during": N_("%(fact)s holds at these times: %(season)s %(clause)s."),
}
ENDS = {
    "until": N_(", until %(event)s"),
    "for": N_(", for %(distance)s at most"),
    "to": N_(", up to the date %(field)s"),
}
WITHIN = {
    "distance": N_("within %(distance)s"),
    "school year": N_("within one school year"),
    "term": N_("within one term"),
    "consecutive school days": N_("on school days in a row"),
}
SEASONS = {
    "school hours": N_("school hours"),
    "school day": N_("school days"),
    "term": N_("term time"),
    "holidays": N_("holidays"),
}

CLOSURE = {
    "whole": N_("%(record)s may be closed when this holds: %(needs)s %(each)s %(settled)s %(by)s %(clause)s."),
    "bare": N_("%(record)s may be closed %(settled)s %(by)s %(clause)s."),
    "all": N_(", and when no duty is open"),
    "some": N_(", and when none of these is open: %(duties)s"),
    "all-bare": N_("when no duty is open"),
    "some-bare": N_("when none of these is open: %(duties)s"),
    "by": N_(", by decision of %(roles)s"),
    "watch": N_("Afterwards it is watched for %(distance)s."),
}

BY = {
    "same day": N_("the same day"),
    "end of school day": N_("by the end of the school day"),
    "end of term": N_("by the end of the term"),
    "end of school year": N_("by the end of the school year"),
    "judged": N_("as soon as somebody judges it right"),
    "in": N_("within %(distance)s"),
    "clock": N_("by %(time)s on a school day"),
    "after": N_("within %(distance)s after %(event)s"),
    "before": N_("before %(event)s"),
    "date": N_("by the date %(field)s"),
    "date-less": N_("%(distance)s before the date %(field)s"),
    "date-plus": N_("within %(distance)s after the date %(field)s"),
    "earliest": N_("%(deadlines)s, whichever comes first"),
    "said": N_("%(means)s (%(word)s)"),
    "passed": N_("%(distance)s have passed"),
}
RHYTHM = {
    "every": N_("every %(distance)s"),
    "again": N_("and again %(distance)s after each time"),
    "said": N_("%(rhythm)s (%(word)s)"),
    "terms": N_("in term %(terms)s"),
    "on": N_("on %(day)s"),
    "nearest": N_("on %(day)s or the nearest school day"),
    "between": N_("between the dates %(first)s and %(last)s"),
    "months": N_("in %(months)s"),
}
PERIODS = {
    "school day": N_("every school day"),
    "monday": N_("every Monday"),
    "tuesday": N_("every Tuesday"),
    "wednesday": N_("every Wednesday"),
    "thursday": N_("every Thursday"),
    "friday": N_("every Friday"),
    "saturday": N_("every Saturday"),
    "sunday": N_("every Sunday"),
    "week": N_("every week"),
    "month": N_("every month"),
    "term": N_("every term"),
    "school year": N_("every school year"),
    "calendar year": N_("every calendar year"),
}
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)
DAY = N_("%(day)s %(month)s")
WEEKDAYS = {
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
}

TEST = {
    "is": N_("%(field)s: %(value)s"),
    "least": N_("at least %(value)s"),
    "most": N_("at most %(value)s"),
    "from": N_("%(value)s or later"),
    "to": N_("%(value)s or earlier"),
    "not": N_("not %(value)s"),
    "includes": N_("also %(value)s"),
}
FIELDS = {
    "role": N_("done by"),
    "time of day": N_("time of day"),
    "weekday": N_("weekday"),
    "school day": N_("on a school day"),
    "school hours": N_("in school hours"),
    "number": N_("how many named as %(name)s"),
}
DAY_OF_EVENT = N_("day")
YES_NO = {"yes": N_("yes"), "no": N_("no")}
QUOTED = N_("“%(text)s”")
AND = N_("%(first)s and %(last)s")
OR = N_("%(first)s or %(last)s")
COMMA = N_("%(first)s, %(last)s")
ALSO = N_("%(first)s; %(last)s")
OR_ELSE = N_("%(first)s, or %(last)s")
AND_ALSO = N_("%(first)s, and %(last)s")
WITH_TESTS = N_("%(event)s (%(tests)s)")
CLAUSES = N_("(%(clauses)s)")
BUILT_IN_FACTS = {"closed": N_("the record is closed"), "watched": N_("the closed record is still watched")}
