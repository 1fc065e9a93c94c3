//! Secret arguments of jobs that the program knows.

use std::convert::Infallible;

use jobs_core::{Context, Definition, Job, Policy, Registry, Settings, Unique, UniqueKey, UniqueUntil};
use jobs_testing::plain::id;
use serde::{Deserialize, Serialize};

use crate::fixture::{Fixture, TestRequest, text};

#[derive(Serialize, Deserialize)]
pub(crate) struct Charge {
    order: u64,
    card: String,
}

impl Job for Charge {
    type Output = ();
    type Error = Infallible;
    const SETTINGS: Settings = Settings::new("charge").redact(&["card"]);

    async fn perform(self, _: &Context) -> Result<(), Infallible> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Vote;

impl Job for Vote {
    type Output = ();
    type Error = Infallible;
    const SETTINGS: Settings = Settings::new("vote").log_arguments(false);

    async fn perform(self, _: &Context) -> Result<(), Infallible> {
        Ok(())
    }
}

/// A job with a secret card number, and a job whose arguments are all secret.
async fn fixture() -> Fixture {
    let definitions = [Definition::of::<Charge>(), Definition::of::<Vote>()];
    let registry = Registry::of(definitions, &Policy::default()).unwrap();
    // Showing unknown arguments does not show arguments that are known to be secret.
    let fixture = Fixture::with(|it| it.without_authentication().show_unknown_arguments().registry(registry));
    let named = |name: &'static str, arguments: &'static str| {
        move |job: &mut jobs_core::NewJob| {
            job.name = name.into();
            job.arguments = arguments.into();
            job.meta = Some(r#"{"carried":{"tenant":"acme"},"traceparent":"00-1"}"#.into());
        }
    };
    fixture.enqueue(1, named("charge", r#"{"order":42,"card":"4111"}"#)).await;
    fixture.enqueue(2, named("vote", r#"{"party":"4111"}"#)).await;
    fixture
}

#[tokio::test]
async fn a_redacted_argument_is_not_on_the_page_and_the_others_are() {
    let fixture = fixture().await;
    for path in [format!("/jobs/{}", id(1)), format!("/api/jobs/{}", id(1))] {
        let page = fixture.page(&path).await;
        assert!(!page.contains("4111") && page.contains("[redacted]") && page.contains("42"), "{path}: {page}");
    }
    assert!(fixture.page(&format!("/jobs/{}", id(1))).await.contains("acme"));
}

#[tokio::test]
async fn propagated_values_of_a_job_with_secret_arguments_are_hidden() {
    let fixture = fixture().await;
    let page = fixture.page(&format!("/jobs/{}", id(2))).await;
    assert!(!page.contains("4111") && !page.contains("acme"), "{page}");
    assert!(page.contains("marks its arguments as secret") && page.contains("00-1"), "{page}");
    assert!(fixture.page(&format!("/api/jobs/{}", id(2))).await.contains("\"shown_arguments\":null"));
}

#[tokio::test]
async fn a_search_for_a_secret_finds_nothing() {
    let fixture = fixture().await;
    for secret in ["4111", "411", "card%22%3A%224"] {
        let page = fixture.page(&format!("/jobs?text={secret}")).await;
        assert!(page.contains("No job matches."), "{secret}: {page}");
        let response = fixture.send(TestRequest::page(&format!("/bulk/discard?state=ready&text={secret}"))).await;
        assert!(text(&response.body).contains("Discard 0 jobs?"), "{}", response.body);
    }
    assert!(fixture.page("/jobs?text=order%22%3A42").await.contains(&id(1).to_string()));
}

#[tokio::test]
async fn a_unique_key_is_hidden_with_the_arguments_that_it_is_made_of() {
    let fixture = fixture().await;
    for (number, name, arguments, is_shown) in [
        (3, "charge", r#"{"order":42,"card":"4111"}"#, false),
        (4, "vote", r#"{"party":"4111"}"#, false),
        (5, "unknown", r#"{"order":42}"#, true),
    ] {
        let key = UniqueKey::of(name, &Unique::until(UniqueUntil::Done), arguments, None).unwrap().unwrap();
        let id = fixture
            .enqueue(number, |job| {
                (job.name, job.arguments, job.unique_key) = (name.into(), arguments.into(), Some(key));
            })
            .await;
        for path in [format!("/jobs/{id}"), format!("/api/jobs/{id}")] {
            let page = fixture.page(&path).await;
            assert_eq!(page.contains(&key.name()), is_shown, "{path} of {name}: {page}");
            assert_eq!(page.contains("[hidden]"), !is_shown, "{path} of {name}: that there is one is told");
        }
    }
}
