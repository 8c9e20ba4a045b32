"""The end of a record's time and its ways out of the house: what ends soon, holds, destruction, bundle, hand-over, own data."""
