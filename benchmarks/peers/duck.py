# ruff: noqa: E501 - a query reads best with a line for each of its parts
"""The verdicts of the district's twelve rules as a DuckDB query written by hand: how many instances of each rule are in each state.

It knows the rules by heart: nothing in it is made from the pack. It counts only; who bears a duty, why, and by which event it was
settled are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from upstander.policy.conformance.columns import Columns

FIELDS = ("how", "round", "differ", "pain", "days", "rule")


def load(connection: Any, columns: Columns) -> None:
    """The columns as tables in memory: events, and who is named in each."""
    values, size = columns.values, len(columns)
    data: dict[str, Any] = {
        "case": columns.record,
        "t": columns.at.astype(np.int64),
        "pos": np.arange(size),
        "kind": _category(values, columns.kind),
        "role": _category(values, columns.role),
    }
    for name in FIELDS:
        codes = np.full(size, -1, dtype=np.int64)
        codes[columns.fields[name].rows] = columns.fields[name].codes
        if name in ("round", "days"):
            numbers = {code: int(values[code]) for code in np.unique(codes[codes >= 0]).tolist()}
            table = np.zeros(max(numbers) + 2, dtype=np.int64)
            for code, number in numbers.items():
                table[code] = number
            data[name] = pa.array(table[codes], mask=codes < 0)
        else:
            data[name] = _category(values, codes)
    connection.register("arrow_events", pa.table(data))
    connection.execute(
        "create or replace table ev as select * from arrow_events order by case_, t".replace("case_", '"case"')
    )
    for name in ("target", "actor", "staff"):
        several = columns.about[name]
        connection.register(
            "arrow_named", pa.table({"pos": several.rows.astype(np.int64), "person": several.codes.astype(np.int64)})
        )
        connection.execute(f"create or replace table {name} as select pos, person from arrow_named")


def _category(values: list[Any], codes: Any) -> Any:
    different, place = np.unique(codes, return_inverse=True)
    texts = pa.array([str(values[code]) if code >= 0 else None for code in different.tolist()])
    return pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), texts).cast(pa.string())


QUERY = """
with e as (select * from ev where t <= $now),
-- the end of the n-th school day (Monday to Friday; nothing else is known of the calendar) after a day; 1970-01-01 was a Thursday
rec as (select "case", t, pos from e where kind = 'recognised'),
closes as (select "case", t, pos from e where kind = 'close'),
tgt as (select e."case", e.t, e.pos, e.kind, e.how, e.pain, e.days, a.person from e join target a using (pos)),
act_ as (select e."case", e.t, e.pos, e.kind, a.person from e join actor a using (pos)),
hear as (select e."case", e.t, e.pos, e.round, (select count(*) from actor a where a.pos = e.pos) as actors,
         (select count(*) from staff s where s.pos = e.pos) as staff_count from e where kind = 'hearing'),
hearing_of as (select h."case", h.t, a.person from hear h join actor a using (pos) where h.actors = 1),
again as (select "case", t from hear where round >= 2),
-- 1 report at once
d1 as (select r.t as a, r.t + 120 as due, (select min(x.t) from e x where x.kind = 'reported' and x."case" = r."case" and x.t >= r.t) as m,
       null::bigint as w, null::bigint as u, 'report-at-once' as rule from rec r),
-- 2 meet the parents
recognised_of as (select "case", person, min(t) as a from tgt where kind = 'recognised' group by 1, 2),
met as (select r."case", r.person, min(x.t) as m from recognised_of r join tgt x on x."case" = r."case" and x.person = r.person
        and x.kind = 'parents-met' and x.how in ('home', 'school') and x.t >= r.a group by 1, 2),
waived as (select r."case", r.person, min(x.t) as w from recognised_of r join e x on x."case" = r."case" and x.kind = 'waive'
           and x.rule = 'meet-parents' and x.role = 'head' and x.t >= r.a group by 1, 2),
d2 as (select r.a, r.a // 1440 * 1440 + 1439 as due, met.m, waived.w, null::bigint as u, 'meet-parents' as rule
       from recognised_of r left join met using ("case", person) left join waived using ("case", person)),
-- 3 hear each
named as (select "case", person, min(t) as a from act_ where kind = 'actor-named' group by 1, 2),
d3 as (select n.a, {nth3} as due, (select min(h.t) from hearing_of h where h."case" = n."case" and h.person = n.person and h.t >= n.a) as m,
       null::bigint as w, null::bigint as u, 'hear-each' as rule from named n),
-- 4 hear again
differ as (select distinct "case", t as a from e where kind = 'compared' and differ = 'yes'),
d4 as (select n.a, {nth5} as due, (select min(h.t) from again h where h."case" = n."case" and h.t >= n.a) as m, null::bigint as w,
       (select min(c.t) from closes c where c."case" = n."case" and c.t >= n.a) as u, 'hear-again' as rule from differ n),
-- 5 monthly check
months as (select r.*, (select min(c.t) from closes c where c."case" = r."case" and c.t >= r.a) as u,
           unnest(range(0, 40)) as k from recognised_of r),
win as (select "case", person, u, k, a + {month_k} as s, a + {month_k1} as e from months),
began as (select * from win where s <= $now and (k = 0 or u is null or s < u)),
checks as (select "case", person, t from tgt where kind = 'checked'),
d5 as (select b.s, b.e, b.u, min(c.t) as m from began b left join checks c on c."case" = b."case" and c.person = b.person
       and c.t <= b.e and (c.t > b.s or (b.k = 0 and c.t = b.s)) group by b."case", b.person, b.k, b.s, b.e, b.u),
-- 6 tell the board
sums as (select "case", person, t, sum(days) over (partition by "case", person,
         year(to_timestamp(t * 60) - interval 8 month) order by t range unbounded preceding) as total from tgt where kind = 'absence'),
serious as (select s."case", s.person, min(s.t) as a from sums s join recognised_of r using ("case", person)
            where s.total >= 30 and s.t >= r.a group by 1, 2),
d6 as (select n.a, {nth1} as due, (select min(x.t) from tgt x where x.kind = 'board-told' and x."case" = n."case" and x.person = n.person
       and x.t >= n.a) as m, null::bigint as w, null::bigint as u, 'tell-board' as rule from serious n),
-- 7 mark the contradiction
twice as (select "case", t as a, row_number() over (partition by "case" order by t, pos) as n from e where kind = 'compared' and differ = 'yes'),
d7 as (select n.a, {nth5} as due, (select min(x.t) from e x where x.kind = 'marked' and x."case" = n."case" and x.t >= n.a) as m,
       null::bigint as w, null::bigint as u, 'mark-contradiction' as rule from twice n where n.n = 2),
single as (from d1 union all by name from d2 union all by name from d3 union all by name from d4 union all by name from d6
           union all by name from d7),
ended as (select rule, due, case when w < coalesce(m, {far}) then null else m end as m,
          case when w < coalesce(m, {far}) then w end as w, case when u <= due and u < coalesce(m, {far}) then u end as u from single),
states as (select rule, case when u is not null and (w is null or u < w) then 'not-applicable'
   when w is not null then 'waived' when m is not null then case when m <= due then 'met' else 'met-late' end
   when $now > due then 'overdue' else 'pending' end as state from ended
  union all select 'monthly-check', case when u is not null and u <= e and u >= s and u < coalesce(m, {far}) then 'not-applicable'
   when m is not null then 'met' when $now > e then 'lapsed' else 'pending' end from d5),
-- limits
eased as (select c.pos, x.person,
   (select max(y.t) from tgt y where y."case" = c."case" and y.person = x.person and y.kind in ('act', 'recognised') and y.t <= c.t) as quiet_from,
   (select max(y.t) from tgt y where y."case" = c."case" and y.person = x.person and y.kind = 'checked' and y.pain = 'no' and y.t <= c.t) as eased_at,
   c.t, c."case" from closes c join (select distinct "case", person, min(t) as a from tgt group by 1, 2) x on x."case" = c."case" and x.a <= c.t),
resolved as (select pos, person, coalesce(t >= quiet_from + {quiet}, false) and eased_at is not null and not exists (
   select 1 from tgt y where y."case" = z."case" and y.person = z.person and y.t >= z.eased_at and y.t < z.t
   and (y.kind = 'act' or (y.kind = 'checked' and y.pain = 'yes'))) as ok from eased z),
broken as (
  select 'no-phone' as rule from e where kind = 'parents-met' and how = 'phone'
  union all select 'never-together' from hear where actors >= 2
  union all select 'two-staff' from hear where staff_count <= 1
  union all select 'close-resolved' from resolved where not ok
  union all select 'before-search' from act_ s where s.kind = 'searched' and not exists (
     select 1 from act_ x where x.kind = 'explained' and x."case" = s."case" and x.person = s.person and x.t <= s.t)),
counted as (select rule, state, count(*) as n from states group by all union all select rule, 'breach', count(*) from broken group by all)
select rule, state, n from counted
"""


def _nth(n: int) -> str:
    """The end of the n-th weekday after the day of ``n.a``."""
    day, weekday = "(n.a // 1440)", "((n.a // 1440 + 3) % 7)"
    start = f"(case when {weekday} >= 5 then {day} - ({weekday} - 4) else {day} end)"
    weekday_from = f"(case when {weekday} >= 5 then 4 else {weekday} end)"
    return f"(({start} + {n} + 2 * (({weekday_from} + {n}) // 5)) * 1440 + 1439)"


def _months(column: str, count: str) -> str:
    """So many months later than a column of minutes; a missing day is the month's last, as DuckDB has it too."""
    return f"(epoch(make_timestamp({column} * 60000000) + to_months(({count})::int))::bigint // 60 - {column})"


def _quiet() -> str:
    """Three months on; a missing day of the month is the 1st of the next."""
    there = "(make_timestamp(quiet_from * 60000000) + to_months(3))"
    lacks = f"(case when day({there}) < day(make_timestamp(quiet_from * 60000000)) then 1440 else 0 end)"
    return f"(epoch({there})::bigint // 60 - quiet_from + {lacks})"


def counts(connection: Any, now: int) -> Counter[tuple[str, str]]:
    """How many instances (breaches) of each rule there are in each state."""
    query = QUERY.format(
        nth1=_nth(1), nth3=_nth(3), nth5=_nth(5), far=1 << 50, quiet=_quiet(),
        month_k=_months("a", "k"), month_k1=_months("a", "k + 1"),
    )  # fmt: skip
    rows = connection.execute(
        query.replace("to_timestamp(t * 60)", "make_timestamp(t * 60000000)"), {"now": now}
    ).fetchall()
    return Counter({(rule, state): number for rule, state, number in rows})
