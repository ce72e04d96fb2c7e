"""What the service does with right claims and with wrong ones."""

from __future__ import annotations

import logging

import pytest
from billing_service import BillingService, NotYet
from hypothesis import HealthCheck, given, settings

from scrubber import Claim, Scrubber
from scrubber.testing import a_claim, a_line, assert_clean, assert_fires, plant_fault, strategies

loaded_once = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_right_claim_is_sent(service: BillingService, outbox: list[Claim]) -> None:
    claim = a_claim(diagnoses=["E11.9"], lines=[a_line("99213", "25"), a_line("83036")])
    answer = service.submit(claim)
    assert (answer.decision, answer.ticket) == ("pass", None)
    assert outbox == [claim]


def test_a_wrong_claim_waits_for_the_coder_until_it_is_mended(service: BillingService, outbox: list[Claim]) -> None:
    ticket = service.submit(a_claim(diagnoses=["E11"])).ticket
    (held,) = service.queue.waiting("coder")
    assert held.ticket == ticket
    assert_fires(held.report, "DX102", diagnosis=1, severity="error")
    assert outbox == []
    assert service.submit(a_claim(diagnoses=["E11.9"]), ticket=ticket).ticket is None
    assert len(outbox) == 1
    assert service.queue.waiting() == []


def test_a_warning_may_be_released_and_an_error_may_not(service: BillingService, outbox: list[Claim]) -> None:
    warned = service.submit(plant_fault("UNT102").claim)
    wrong = service.submit(plant_fault("CLM103").claim)
    assert (warned.decision, wrong.decision) == ("review", "hold")
    assert warned.ticket
    assert wrong.ticket
    service.release(warned.ticket, by="M. Biller")
    assert len(outbox) == 1
    with pytest.raises(NotYet, match="mend the claim"):
        service.release(wrong.ticket, by="M. Biller")
    with pytest.raises(NotYet, match="nothing waits"):
        service.release(warned.ticket, by="M. Biller")


def test_most_dollars_come_first(service: BillingService) -> None:
    for charge in ("100.00", "900.00", "300.00"):
        service.submit(a_claim(diagnoses=["E11"], lines=[a_line("99213", charge=charge)]))
    assert [str(held.report.amount_at_risk) for held in service.queue.waiting()] == ["900.00", "300.00", "100.00"]


def test_the_report_of_a_known_claim_stays_as_it_was(mini_scrubber: Scrubber, report_snapshot) -> None:
    claim = a_claim(
        claim_id="KNOWN-1", payer="medicare", diagnoses=["E11", "M54.50"], lines=["45385", "45380", "99213"]
    )
    report_snapshot(mini_scrubber.scrub(claim))


@loaded_once
@given(claim=strategies.claims())
def test_any_right_claim_goes_out(service: BillingService, outbox: list[Claim], claim: Claim) -> None:
    outbox.clear()
    assert service.submit(claim).ticket is None
    assert_clean(outbox)


@loaded_once
@given(faulty=strategies.claims_with("NCCI101"))
def test_any_claim_with_a_bundled_pair_is_held(service: BillingService, outbox: list[Claim], faulty) -> None:
    outbox.clear()
    assert "NCCI101" in service.submit(faulty.claim).rules
    assert outbox == []


def test_threads_give_the_answers_of_one(service: BillingService, mini_scrubber: Scrubber) -> None:
    claims = [plant_fault("DX102", seed=seed).claim if seed % 3 else a_claim() for seed in range(60)]
    answers = list(service.submit_all(claims, threads=8))
    assert [answer.decision for answer in answers] == [mini_scrubber.scrub(claim).decision for claim in claims]
    assert len(service.queue.waiting()) == sum(answer.ticket is not None for answer in answers)


def test_the_operator_sees_what_was_not_checked(outbox: list[Claim]) -> None:
    service = BillingService(Scrubber.load(), outbox.append)  # no tables of CMS
    service.submit(a_claim(payer="medicare", lines=["45385"]))
    assert service.not_checked()["mue_practitioner"] == 1


def test_nothing_private_is_logged(service: BillingService, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    private = {
        "claim_id": "CHART99",
        "patient": {"last_name": "SMITHSON", "birth_date": "1961-02-03"},
        "subscriber": {"member_id": "W555000111"},
        "prior_authorization": "AUTH777",
    }
    for diagnosis in ("E11.9", "E11", "nonsense"):
        answer = service.submit(a_claim(diagnoses=[diagnosis], **private))
    told = caplog.text + repr(answer) + repr(service.queue.waiting())
    assert "ticket" in told
    assert not [text for text in ("CHART99", "SMITHSON", "1961", "W555000111", "AUTH777") if text in told]
