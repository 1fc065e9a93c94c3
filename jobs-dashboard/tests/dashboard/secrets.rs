//! What is secret in the arguments of jobs that the program knows.

use std::convert::Infallible;

use jobs_core::{Context, Definition, Job, Policy, Registry, Settings};
use jobs_testing::plain::id;
use serde::{Deserialize, Serialize};

use crate::stage::{Asked, Stage, words};

#[derive(Serialize, Deserialize)]
struct Charge {
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

/// A job whose card is secret, and one that is secret altogether.
async fn stage() -> Stage {
    let definitions = [Definition::of::<Charge>(), Definition::of::<Vote>()];
    let registry = Registry::of(definitions, &Policy::default()).unwrap();
    // Whoever shows what is unknown still hides what is known to be secret.
    let stage = Stage::with(|it| it.without_authentication().show_unknown_arguments().registry(registry));
    let named = |name: &'static str, arguments: &'static str| {
        move |job: &mut jobs_core::NewJob| {
            job.name = name.into();
            job.arguments = arguments.into();
            job.meta = Some(r#"{"carried":{"tenant":"acme"},"traceparent":"00-1"}"#.into());
        }
    };
    stage.enqueue(1, named("charge", r#"{"order":42,"card":"4111"}"#)).await;
    stage.enqueue(2, named("vote", r#"{"party":"4111"}"#)).await;
    stage
}

#[tokio::test]
async fn a_redacted_argument_is_not_on_the_page_and_the_others_are() {
    let stage = stage().await;
    for path in [format!("/jobs/{}", id(1)), format!("/api/jobs/{}", id(1))] {
        let page = stage.page(&path).await;
        assert!(!page.contains("4111") && page.contains("[redacted]") && page.contains("42"), "{path}: {page}");
    }
    assert!(stage.page(&format!("/jobs/{}", id(1))).await.contains("acme"));
}

#[tokio::test]
async fn of_a_job_whose_arguments_are_secret_nothing_that_it_carries_is_shown() {
    let stage = stage().await;
    let page = stage.page(&format!("/jobs/{}", id(2))).await;
    assert!(!page.contains("4111") && !page.contains("acme"), "{page}");
    assert!(page.contains("the job says that they are secret") && page.contains("00-1"), "{page}");
    assert!(stage.page(&format!("/api/jobs/{}", id(2))).await.contains("\"shown_arguments\":null"));
}

#[tokio::test]
async fn a_search_for_a_secret_finds_nothing() {
    let stage = stage().await;
    for text in ["4111", "411", "card%22%3A%224"] {
        let page = stage.page(&format!("/jobs?text={text}")).await;
        assert!(page.contains("No job matches."), "{text}: {page}");
        let told = stage.send(Asked::page(&format!("/bulk/discard?state=ready&text={text}"))).await;
        assert!(words(&told.body).contains("Discard 0 jobs?"), "{}", told.body);
    }
    assert!(stage.page("/jobs?text=order%22%3A42").await.contains(&id(1).to_string()));
}
