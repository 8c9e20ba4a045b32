"""A kind of event stands on the kinds of record that list it, or, listed by none, on those without a list."""

from __future__ import annotations

from upstander.policy import loader
from upstander.policy.belonging import belongs

PACK = """
id: small
title: A small pack
version: "1"
in force from: 2025-09-01
language: en-GB
timezone: Europe/London
roles: {head: {title: Head}}
records:
  case: {label: Case, opens by: [concern-received]}
  device: {label: Device, subjects: [device], opens by: [handed-in], events: [given-back]}
events:
  talked: {label: Talk, recorded by: [head]}
  handed-in: {label: Take in, about: [device], recorded by: [head]}
  given-back: {label: Give back, about: [device], recorded by: [head]}
"""


def test_what_a_kind_of_record_lists_belongs_to_it_alone(tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(PACK, "utf-8")
    pack = loader.load(file)
    on = {kind: {event for event in pack.events if belongs(pack, event, kind)} for kind in ("case", "device")}
    assert {"handed-in", "given-back"} <= on["device"]
    assert not {"handed-in", "given-back"} & on["case"]
    assert "talked" in on["case"]
    assert "talked" not in on["device"]
    assert {"note-added", "close"} <= on["case"] & on["device"]
    assert not belongs(pack, "unheard-of", "case")
