"""Logs from files and verdicts into files: ``jsonl``, ``tables`` (CSV, Parquet), ``xes`` · ``names`` (which column is what) ·
``spill`` (records of one hash together) · ``rows`` and ``writers`` · ``summary``.
"""
