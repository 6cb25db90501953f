"""Measurements of the portal: the ``bench_…`` commands, what they need, and the tests of both.

An app of its own, installed where this folder is present and ``BENCHES`` or ``DEBUG`` is on; the rooms know nothing of
it.
"""
