"""Rooms about things: searches, images nobody may see, evidence, posts to be taken down, what a class hands in."""
