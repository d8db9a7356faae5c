# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What a write costs on each kind of bus: the figures that the planner minimises."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BusCost:
    """
    Cost of transactions on a bus.

    Attributes:
        framing_bytes: sent around every transaction besides its payload.
        chunk_bytes: largest data payload of one transaction; longer data is split.
        clocks_per_byte: bus clocks of one byte, acknowledgement included.
        clocks_per_transaction: bus clocks of start and stop.
    """

    framing_bytes: int
    chunk_bytes: int
    clocks_per_byte: int
    clocks_per_transaction: int

    def data_transactions(self, payload_bytes: int) -> int:
        """Return how many transactions carry `payload_bytes` of data."""
        return -(-payload_bytes // self.chunk_bytes)

    def command_cost(self, payload_bytes: int) -> int:
        """Return the bytes on the bus of one command."""
        return self.framing_bytes + payload_bytes

    def data_cost(self, payload_bytes: int) -> int:
        """Return the bytes on the bus of a block of data."""
        return self.framing_bytes * self.data_transactions(payload_bytes) + payload_bytes

    def duration_s(self, bus_bytes: int, transactions: int, clock_hz: float) -> float:
        """Return how long the bus is busy, without gaps between transactions, s."""
        clocks = bus_bytes * self.clocks_per_byte + transactions * self.clocks_per_transaction
        return clocks / clock_hz

    def clock_hz(self, bus_bytes: int, transactions: int, duration_s: float) -> float:
        """Return the clock at which the bus would be busy for `duration_s`: a lower limit, Hz."""
        return self.duration_s(bus_bytes, transactions, 1.0) / duration_s


# Every I2C transaction begins with an address and a control byte; a byte takes 9 clocks.
I2C = BusCost(framing_bytes=2, chunk_bytes=4096, clocks_per_byte=9, clocks_per_transaction=2)
# Adapters that speak SMBus only carry 32 bytes at a time.
I2C_CHUNKED = BusCost(framing_bytes=2, chunk_bytes=32, clocks_per_byte=9, clocks_per_transaction=2)
# SPI has a line of its own for data/command.
SPI = BusCost(framing_bytes=0, chunk_bytes=4096, clocks_per_byte=8, clocks_per_transaction=0)
