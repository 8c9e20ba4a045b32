"""Serious incidents: the clock that runs, what it rests on, the reports to the authority, and the days a pupil was away."""
