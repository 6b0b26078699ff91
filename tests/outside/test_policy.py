"""Policies as C2SP tlog-policy has them."""

from __future__ import annotations

import pytest

from thaw.errors import InputError
from thaw.ledger import SigningKey
from thaw.outside import Policy

LOG = SigningKey("invented.example/log", b"l" * 32).verifier.vkey
W = [SigningKey(f"w{i}.invented.example", bytes([i]) * 32, True).verifier.vkey for i in range(5)]

# The shape of the example in the specification: two groups, one of them two of three.
EXAMPLE = f"""
log {LOG}
# a comment
\twitness X1 {W[0]}
witness X2 {W[1]} https://x2.invented.example
  witness X3 {W[2]}
group X-witnesses 2 X1 X2 X3
witness Y1 {W[3]}
witness Y2 {W[4]}
group Y-witnesses any Y1 Y2
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


@pytest.mark.parametrize(("signed", "enough"), [
    ("X1 X2 Y1", True), ("X1 X3 Y2", True), ("X1 X2 X3 Y1 Y2", True), ("X1 Y1 Y2", False), ("X1 X2 X3", False),
    ("", False), ("Z X1 Y1", False),
])  # fmt: skip
def test_the_quorum_of_the_example(signed, enough):
    assert Policy.parse(EXAMPLE).enough(signed.split()) is enough


def test_a_policy_without_witnesses_asks_for_none():
    policy = Policy.parse(f"log {LOG}\nquorum none\n")
    assert policy.enough([])
    assert [one.vkey for one in policy.verifiers_of("invented.example/log")] == [LOG]
    assert policy.verifiers_of("invented.example/other") == []


@pytest.mark.parametrize(("text", "message"), [
    (f"log {LOG}\n", "policy: got no quorum line, want exactly one line `quorum NAME` or `quorum none`."),
    ("quorum none\nquorum none\n", "policy, line 2: got a second quorum, want exactly one quorum line."),
    ("quorum X\n", "policy, line 1: got the name 'X', want a witness or group of an earlier line."),
    (f"log {LOG}\nlog {LOG}\nquorum none\n", "policy, line 2: got the key of another log line, want each key once."),
    (f"witness A {W[0]}\nwitness B {W[0]}\nquorum A\n",
     "policy, line 2: got the key of another witness line, want each key once."),
    (f"witness A {W[0]}\nwitness A {W[1]}\nquorum A\n",
     "policy, line 2: got the name 'A', which is taken, want a new name."),
    (f"witness none {W[0]}\nquorum none\n", "policy, line 1: got the name 'none', which is taken, want a new name."),
    (f"witness A {LOG}\nquorum A\n",
     "policy, line 1: got the key of a log (type 1), want the key of a witness (type 4)."),
    (f"log {W[0]}\nquorum none\n",
     "policy, line 1: got the key of a witness (type 4), want the key of a log (type 1)."),
    (f"witness A {W[0]}\ngroup G 2 A\nquorum G\n",
     "policy, line 2: got the number '2', want any, all, or a number from 1 to 1."),
    (f"witness A {W[0]}\ngroup G 0 A\nquorum G\n",
     "policy, line 2: got the number '0', want any, all, or a number from 1 to 1."),
    (f"witness A {W[0]}\ngroup G any A\ngroup H any A\nquorum H\n",
     "policy, line 3: got 'A' in a second place, want each name in one group at most."),
    ("group G any\nquorum G\n",
     "policy, line 1: got 'group G any', want a line that begins log, witness, group or quorum."),
    ("quorum none\r\n", "policy, line 1: got a control character, want text, spaces and tabs."),
])  # fmt: skip
def test_a_line_that_the_standard_does_not_allow_is_named(text, message):
    with pytest.raises(InputError) as caught:
        Policy.parse(text)
    assert str(caught.value) == f"{message} Write it as C2SP tlog-policy has it."
