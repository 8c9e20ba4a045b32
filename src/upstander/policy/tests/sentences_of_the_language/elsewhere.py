"""What of the reference is tested in another room, and what states no meaning."""

from __future__ import annotations

_RECORDING = "src/upstander/records/tests/test_recording.py"
_ECHOES = "src/upstander/records/tests/test_echoes.py"
_TOGETHER = "src/upstander/policy/tests/test_together.py"
_ACCESS = "src/upstander/records/tests/test_access.py"

ELSEWHERE: dict[int, dict[str, str]] = {
    1: {
        "rules, facts, params are prefixed with the pack's id": (
            f"{_TOGETHER}::test_rules_facts_and_params_are_prefixed_with_the_packs_id"
        ),
        "kinds of record and event named in `shares` with equal fields are common": (
            f"{_TOGETHER}::test_kinds_that_both_share_with_equal_fields_are_common"
        ),
    },
    2: {
        "with the first event that names a person the app appends `person-named`": (
            f"{_RECORDING}::test_a_record_takes_the_class_of_those_it_names_when_it_names_them"
        ),
    },
    3: {"Facts also govern access (§9)": f"{_ACCESS}::test_a_fact_opens_and_another_shuts"},
    6: {
        "A name that the act declares must be filled in its form": (
            "src/upstander/policy/tests/test_forms.py::test_a_name_that_a_limit_looks_at_must_be_filled"
        ),
    },
    8: {
        "`where: linked` to the records it is linked with": (
            f"{_ECHOES}::test_where_linked_speaks_to_the_records_it_is_linked_with"
        ),
        "without `where` to every open record of the kind": (
            f"{_ECHOES}::test_without_where_it_speaks_to_every_open_record_of_the_kind"
        ),
        "`open: yes` opens one where none is": f"{_ECHOES}::test_open_yes_opens_one_where_none_is",
        "`always` one each time": f"{_ECHOES}::test_open_always_opens_one_each_time",
        "`back`: a record that opens receives the earlier events of that time whose names agree": (
            f"{_ECHOES}::test_back_gives_a_record_that_opens_the_earlier_events_of_that_time_whose_names_agree"
        ),
        "what their rules use is recorded there": (
            "src/upstander/records/tests/test_calendar_events.py::test_what_their_rules_use_is_recorded_there"
        ),
        "Voiding an event voids its echoes": (
            f"{_RECORDING}::test_an_echo_speaks_in_the_other_record_and_is_struck_with_its_event"
        ),
        "`plan.yaml` compiles into duties on it": (
            "src/upstander/policy/loader/tests/test_writings.py"
            "::test_the_plan_compiles_into_duties_on_the_record_of_the_school_year"
        ),
    },
    9: {
        "then the key is destroyed": "src/upstander/vault/tests/test_vault.py::test_a_destroyed_key_opens_nothing_any_more",
        "secret while: fact (encrypted ones only: while it holds, for staff who recorded the event or are named in it)": (
            "src/upstander/records/tests/test_sealing.py::test_a_statement_is_read_by_those_who_were_there_until_everybody_has_spoken"
        ),
        "nothing listed, nothing seen": f"{_ACCESS}::test_a_role_nobody_listed_may_do_nothing",
    },
}
SAYS_NO_MEANING: dict[int, tuple[str, ...]] = {
    1: ("Of the 664 duty-like clauses of the five documents only 62 name a time",),
    3: ("form | holds at t when",),
    5: ("form | due moment",),
    11: ("upstander pack simulate PACK LOG.jsonl", "Readings, where two careful implementers could differ:"),
}
