"""A report of the bucket, read at the console of the deployed template; all else of that page is
tried without a stack.
"""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from local.demo.world import World
from tests.measured import Reports
from tests.reported import a_report, a_week, put
from tests.stack.browser.conftest import SignIn
from triagewire.measures.period import week_name, week_of

SITE = "riverside"


def test_a_lead_reads_last_week_and_takes_it_along(
    sign_in: SignIn, world: World, morning: datetime
) -> None:
    week = week_of((morning - timedelta(weeks=1)).date())
    stem = f"reports/{SITE}/weekly/{week_name(week.first)}"
    box = Reports()
    put(box, stem, a_week(SITE, report=a_report(week, SITE), before=None), "csv", "pdf")
    for key, body in box.bodies.items():
        world.client("s3").put_object(
            Bucket=world.stack.outputs["ReportsBucketName"], Key=key, Body=body
        )
    lead = sign_in("nurse.okafor")

    lead.page.get_by_role("link", name="Measures").click()
    expect(lead.page.locator(".headline")).to_have_count(5)
    lead.go(f"#/measures/{SITE}?name={week_name(week.first)}")
    expect(lead.page.locator(".headline-value").first).to_have_text("34 min")
    with lead.page.expect_download() as saved:
        lead.page.get_by_role("button", name="Take as PDF").click()

    assert saved.value.path().read_bytes() == box.bodies[f"{stem}.pdf"]
    lead.untroubled()
