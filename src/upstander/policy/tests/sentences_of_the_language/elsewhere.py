"""What of the reference is tested in another room, what states no meaning, and what nothing tests yet."""

from __future__ import annotations

_RECORDING = "src/upstander/records/tests/test_recording.py"
_ACCESS = "src/upstander/records/tests/test_access.py"

ELSEWHERE: dict[int, dict[str, str]] = {
    1: {
        "kinds of record and event named in `shares` with equal fields are common": (
            "src/upstander/policy/lint/tests/test_codes.py::test_kinds_that_two_packs_share_must_have_the_same_fields"
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
        "nothing listed, nothing seen": f"{_ACCESS}::test_a_role_nobody_listed_may_do_nothing",
    },
}
SAYS_NO_MEANING: dict[int, tuple[str, ...]] = {
    1: ("Of the 664 duty-like clauses of the five documents only 62 name a time",),
    3: ("form | holds at t when",),
    5: ("form | due moment",),
    11: ("upstander pack simulate PACK LOG.jsonl", "Readings, where two careful implementers could differ:"),
}
NOT_TESTED_YET: dict[int, tuple[str, ...]] = {
    1: ("rules, facts, params are prefixed with the pack's id",),
    8: (
        "`where: linked` to the records it is linked with",
        "without `where` to every open record of the kind",
        "`open: yes` opens one where none is, `always` one each time",
        "`back`: a record that opens receives the earlier events",
        "what their rules use is recorded there",
    ),
    10: ("Two rules are the same (for comparing versions)", "not clause, label or title"),
}
"""Sentences about several records or packs at once; whoever tests one takes it out of here."""
