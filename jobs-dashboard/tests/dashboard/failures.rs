//! Failed jobs in groups: the page, the API and the actions on a group.

use axum::http::StatusCode;
use jobs_core::State;
use jobs_testing::plain::id;
use serde_json::Value;

use crate::fixture::{Fixture, TestRequest, text};

/// Two jobs that failed in the same way, and one that failed in another.
async fn failed() -> Fixture {
    let fixture = Fixture::open();
    fixture.fail(1, "shop::billing::Bounced", "order 17 of ada@example.com: \"x\" <b>").await;
    fixture.fail(2, "shop::billing::Bounced", "order 4711 of eve@example.com: \"yz\" <b>").await;
    fixture.fail(3, "shop::Refused", "no route").await;
    fixture
}

async fn groups(fixture: &Fixture) -> Vec<Value> {
    groups_of(fixture, 3).await
}

/// The groups of this many failed jobs.
async fn groups_of(fixture: &Fixture, read: u64) -> Vec<Value> {
    let response = fixture.send(TestRequest::page("/api/failures")).await;
    assert_eq!(response.status, StatusCode::OK, "{}", response.body);
    let json: Value = serde_json::from_str(&response.body).unwrap();
    assert_eq!((&json["read"], &json["older"]), (&read.into(), &Value::Null));
    json["failures"].as_array().unwrap().clone()
}

#[tokio::test]
async fn failed_jobs_are_shown_in_groups_without_their_variable_parts() {
    let fixture = failed().await;
    let page = text(&fixture.page("/failures").await);
    assert!(page.contains("shop::Bounced : order # of &lt;address&gt;: &quot;…&quot; &lt;b&gt; 2"), "{page}");
    assert!(page.contains("shop::Refused : no route 1"), "{page}");
    assert!(!page.contains("ada@") && !page.contains("4711"), "{page}");
    let groups = groups(&fixture).await;
    assert_eq!((&groups[0]["job"], &groups[0]["count"]), (&"send_mail".into(), &2.into()));
    assert_eq!(groups[0]["class"], "shop::billing::Bounced");
}

#[tokio::test]
async fn an_action_on_a_group_asks_and_changes_exactly_its_jobs() {
    let fixture = failed().await;
    let key = groups(&fixture).await[0]["failure"].as_str().unwrap().to_owned();
    let query = format!("state=failed&name=send_mail&failure={key}");
    let page = fixture.page("/failures").await;
    assert!(page.contains(&format!("/bulk/retry?{}", query.replace('&', "&amp;"))), "{page}");
    let asked = text(&fixture.page(&format!("/bulk/retry?{query}")).await);
    assert!(asked.contains("Retry 2 jobs?") && asked.contains("send_mail shop::Bounced 2"), "{asked}");
    assert!(asked.contains(&id(1).to_string()), "a sample: {asked}");
    let done = fixture.done("/bulk/retry", &query).await;
    assert!(done.contains("2 jobs retried."), "{done}");
    let states = [fixture.state(id(1)).await, fixture.state(id(2)).await, fixture.state(id(3)).await];
    assert_eq!(states, [State::Ready, State::Ready, State::Failed]);
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_changes_nothing() {
    let fixture = failed().await;
    for query in ["state=failed&failure=x", "state=failed&failure=", "state=failed&falure=0123456789abcdef"] {
        let page = fixture.send(TestRequest::page(&format!("/bulk/discard?{query}"))).await;
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(fixture.submit("/bulk/discard", query).await.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let other = fixture.done("/bulk/discard", "state=failed&failure=0123456789abcdef").await;
    assert!(other.contains("0 jobs discarded."), "{other}");
    assert_eq!(fixture.send(TestRequest::page("/failures?state=failed")).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_last_page_says_that_its_numbers_are_a_part() {
    let fixture = failed().await;
    assert!(!text(&fixture.page("/failures").await).contains("Numbers and times"), "all were read");
    let last = text(&fixture.page(&format!("/failures?before={}", id(2))).await);
    assert!(last.contains("Numbers and times are of 1 of the 3 failed jobs"), "{last}");
}

#[tokio::test]
async fn the_smallest_groups_of_many_are_only_counted() {
    let fixture = Fixture::open();
    for number in 0..203_u64 {
        fixture.fail(number * 2, &format!("Error{number}"), "no").await;
    }
    fixture.fail(1, "Error0", "no").await;
    let page = fixture.page("/failures").await;
    assert_eq!(page.matches("/bulk/retry?").count(), 200);
    assert!(text(&page).contains("And 3 other groups with 3 jobs."), "{page}");
}

#[tokio::test]
async fn a_group_of_jobs_without_a_name_is_reached_by_its_links() {
    let fixture = Fixture::open();
    let job = fixture.enqueue(1, |job| job.name = " ".into()).await;
    fixture.fail_as(job, "Bounced").await;
    let page = fixture.page("/failures").await;
    assert!(!page.contains("amp;name=") && page.contains(">(no name)</a>"), "{page}");
    let key = groups_of(&fixture, 1).await[0]["failure"].as_str().unwrap().to_owned();
    let query = format!("state=failed&failure={key}");
    assert!(page.contains(&format!("/bulk/retry?{}", query.replace('&', "&amp;"))), "{page}");
    let list = fixture.page(&format!("/jobs?{query}")).await;
    assert!(list.contains(&id(1).to_string()), "{list}");
}

#[tokio::test]
async fn a_read_only_dashboard_shows_failures_without_actions() {
    let fixture = Fixture::with(|it| it.without_authentication().read_only());
    fixture.fail(1, "Bounced", "no").await;
    let page = fixture.page("/failures").await;
    assert!(page.contains("Bounced") && !page.contains("/bulk/"), "{page}");
}

#[tokio::test]
async fn rows_of_a_list_show_the_arguments_that_may_be_shown() {
    let shown = Fixture::with(|it| it.without_authentication().show_unknown_arguments());
    shown.enqueue(1, |_| {}).await;
    assert!(text(&shown.page("/jobs").await).contains("ada-1@example.com"));
    let hidden = Fixture::open();
    hidden.enqueue(1, |_| {}).await;
    assert!(!hidden.page("/jobs").await.contains("ada-1@"), "this program does not know which of them are secret");
}

#[tokio::test]
async fn all_rows_of_a_page_can_be_chosen_without_scripts() {
    let fixture = failed().await;
    let page = fixture.page("/jobs?state=failed&error=ORDER").await;
    assert!(page.contains("/jobs?state=failed&amp;error=ORDER&amp;select=all") && !page.contains(" checked"), "{page}");
    let page = fixture.page("/jobs?state=failed&error=ORDER&select=all").await;
    assert_eq!(page.matches(" checked").count(), 2, "{page}");
    let refused = fixture.send(TestRequest::page("/jobs?select=some")).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}
