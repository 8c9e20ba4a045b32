"""Shapes: how each part of a pack is read from the tree, with every problem at its place."""
