//! A rule by type finds its error however the job wraps it.

use std::fmt;
use std::io;
use std::sync::Arc;

use anyhow::Context as _;
use jobs::BoxError;
use jobs::policy::Outcome;
use jobs::prelude::*;

use crate::fixture::Fixture;

#[derive(Debug, Clone, Copy)]
struct Declined;

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("declined")
    }
}

impl std::error::Error for Declined {}

#[job(discard_on(Declined))]
async fn pay_anyhow(how: String) -> Result<(), anyhow::Error> {
    match how.as_str() {
        "plain" => Err(Declined.into()),
        "context" => Err(Declined).context("the shop is closed").context("no payment"),
        "io" => Err(io::Error::other(Declined)).context("no connection"),
        _ => anyhow::bail!("only words"),
    }
}

#[job(discard_on(Declined))]
async fn pay_boxed(how: String) -> Result<(), BoxError> {
    match how.as_str() {
        "plain" => Err(Declined.into()),
        "io" => Err(io::Error::other(Declined).into()),
        _ => Err("only words".into()),
    }
}

/// Variants as they are usually written, manually or with `#[from]`.
#[derive(Debug)]
enum Trouble {
    Boxed(Box<Declined>),
    Shared(Arc<Declined>),
    Io(io::Error),
    /// As `#[error(transparent)]`: it passes itself off as what it holds, which the chain then leaves out.
    Transparent(Declined),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("trouble")
    }
}

impl std::error::Error for Trouble {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Boxed(error) => Some(error),
            Self::Shared(error) => Some(error),
            Self::Io(error) => Some(error),
            Self::Transparent(error) => error.source(),
        }
    }
}

impl From<Declined> for Trouble {
    fn from(error: Declined) -> Self {
        Self::Transparent(error)
    }
}

#[job(discard_on(Declined))]
async fn pay_enum(how: String) -> Result<(), Trouble> {
    match how.as_str() {
        "boxed" => Err(Trouble::Boxed(Box::new(Declined))),
        "shared" => Err(Trouble::Shared(Arc::new(Declined))),
        "io" => Err(Trouble::Io(io::Error::other(Declined))),
        _ => Err(Declined.into()),
    }
}

#[job(discard_on(Trouble::Transparent(_)))]
async fn pay_by_pattern() -> Result<(), Trouble> {
    Err(Declined.into())
}

async fn outcome<J: jobs::Job>(job: impl FnOnce(&Client) -> jobs::PerformNow<J>) -> Outcome {
    let definitions = [
        jobs::definition::Definition::of::<PayAnyhow>(),
        jobs::definition::Definition::of::<PayBoxed>(),
        jobs::definition::Definition::of::<PayEnum>(),
        jobs::definition::Definition::of::<PayByPattern>(),
    ];
    let jobs = Fixture::new().builder(definitions).build().await.unwrap().client();
    job(&jobs).outcome().await.unwrap()
}

#[tokio::test]
async fn a_rule_finds_its_error_in_anyhow_below_contexts_and_in_io() {
    for how in ["plain", "context", "io"] {
        assert_eq!(outcome(|jobs| PayAnyhow::perform_now(how).on(jobs)).await, Outcome::Discarded, "{how}");
    }
    assert_eq!(outcome(|jobs| PayAnyhow::perform_now("words").on(jobs)).await, Outcome::Failed);
}

#[tokio::test]
async fn a_rule_finds_its_error_in_a_box_and_in_io_in_a_box() {
    for how in ["plain", "io"] {
        assert_eq!(outcome(|jobs| PayBoxed::perform_now(how).on(jobs)).await, Outcome::Discarded, "{how}");
    }
    assert_eq!(outcome(|jobs| PayBoxed::perform_now("words").on(jobs)).await, Outcome::Failed);
}

#[tokio::test]
async fn a_rule_finds_its_error_in_the_variants_of_an_enum() {
    for how in ["boxed", "shared", "io"] {
        assert_eq!(outcome(|jobs| PayEnum::perform_now(how).on(jobs)).await, Outcome::Discarded, "{how}");
    }
}

#[tokio::test]
async fn what_a_transparent_variant_hides_is_found_by_its_pattern_and_not_by_its_type() {
    assert_eq!(outcome(|jobs| PayEnum::perform_now("hidden").on(jobs)).await, Outcome::Failed);
    assert_eq!(outcome(|jobs| PayByPattern::perform_now().on(jobs)).await, Outcome::Discarded);
}
