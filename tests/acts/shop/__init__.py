"""A shop that sends parcels: the smallest thing with stages, for the tests of the engine."""
