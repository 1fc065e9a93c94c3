//! The guide, in reading order.
//!
//! 1. [Defining jobs](defining_jobs): arguments, provided values, enqueuing, many at once, bases, all keys.
//! 2. [Failures](failures): retrying, discarding, failure functions.
//! 3. [Callbacks](callbacks): before, around and after, with conditions.
//! 4. [Unique jobs](unique_jobs): of equal jobs the first is stored.
//! 5. [Recurring jobs](recurring): every night, every five minutes, each tick once.
//! 6. [Propagated context](context): a language, a tenant, a trace.
//! 7. [Running](running): workers, signals, production, watching.
//! 8. [Observing](observing): events, log lines, metrics, traces, health; what to alert on.
//! 9. [Stores](stores): which one, what each promises, querying it.
//! 10. [Transactions](transactions): a job and its data committed together, a job that completes itself, after a commit.
//! 11. [Promises](promises): what crashes, lost connections and wrong clocks mean, each promise with its test.
#![cfg_attr(feature = "config", doc = "12. [Configuration](configuration): `config/jobs.yml`.")]
//! 13. [The command line](command_line): querying, repairing, starting.
//! 14. [The dashboard](dashboard): the same in a browser.
//! 15. [To production](production): from nothing to a service in ten minutes.
//! 16. [Testing](testing): assertions about enqueued jobs, performing them, time, outages.
//! 17. [For people who come from Active Job](from_active_job): a comparison.
#![cfg_attr(
    feature = "config",
    doc = "18. [With Rails' files](from_ruby_config): `queue.yml`, `recurring.yml` and `sidekiq.yml` without changes."
)]
//! 19. [A job without the macro](without_the_macro): what the macro generates.
//! 20. [Jobs performed elsewhere](performed_elsewhere): jobs that cross the border to Ruby, in both directions.
#![cfg_attr(
    feature = "sidekiq",
    doc = "21. [A Rust worker in a Sidekiq fleet](sidekiq): from zero, and moving a class over."
)]
//! 22. [Examples](examples): whole programs.

#[doc = include_str!("guide/defining_jobs.md")]
pub mod defining_jobs {}

#[doc = include_str!("guide/failures.md")]
pub mod failures {}

#[doc = include_str!("guide/callbacks.md")]
pub mod callbacks {}

#[doc = include_str!("guide/unique_jobs.md")]
pub mod unique_jobs {}

#[doc = include_str!("guide/recurring.md")]
pub mod recurring {}

#[doc = include_str!("guide/context.md")]
pub mod context {}

#[doc = include_str!("guide/running.md")]
pub mod running {}

#[doc = include_str!("guide/observing.md")]
pub mod observing {}

#[doc = include_str!("guide/stores.md")]
pub mod stores {}

#[doc = include_str!("guide/transactions.md")]
pub mod transactions {}

#[doc = include_str!("guide/promises.md")]
pub mod promises {}

#[cfg(feature = "config")]
#[doc = include_str!("guide/configuration.md")]
pub mod configuration {}

#[doc = include_str!("guide/command_line.md")]
pub mod command_line {}

#[doc = include_str!("guide/production.md")]
pub mod production {}

#[doc = include_str!("guide/dashboard.md")]
pub mod dashboard {}

#[doc = include_str!("guide/testing.md")]
pub mod testing {}

#[doc = include_str!("guide/from_active_job.md")]
pub mod from_active_job {}

#[cfg(feature = "config")]
#[doc = include_str!("guide/from_ruby_config.md")]
pub mod from_ruby_config {}

#[doc = include_str!("guide/without_the_macro.md")]
pub mod without_the_macro {}

#[doc = include_str!("guide/performed_elsewhere.md")]
pub mod performed_elsewhere {}

#[cfg(feature = "sidekiq")]
#[doc = include_str!("guide/sidekiq.md")]
pub mod sidekiq {}

#[cfg(feature = "solid-queue")]
#[doc = include_str!("guide/solid_queue.md")]
pub mod solid_queue {}

#[doc = include_str!("guide/examples.md")]
pub mod examples {
    /// The files of an example, as they lie there. `bin/test` compiles and runs them, so here they are text.
    macro_rules! example {
        ($name:ident: $($file:literal),+) => {
            #[doc = concat!("The program of `cargo run --example ", stringify!($name), "`.\n\n")]
            $(
                #[cfg_attr(doc, doc = concat!("`examples/", $file, "`\n```text"))]
                #[cfg_attr(doc, doc = include_str!(concat!("../examples/", $file)))]
                #[cfg_attr(doc, doc = "```\n")]
            )+
            pub mod $name {}
        };
    }

    example!(hello: "hello.rs");
    example!(email: "email.rs");
    example!(images: "images.rs");
    example!(bulk_update: "bulk_update.rs");
    example!(cleanup: "cleanup.rs");
    example!(report: "report/main.rs", "report/status.rs", "report/progress.rs", "report/orders.rs");
    example!(tenants: "tenants.rs");
    example!(observing: "observing.rs");
    example!(instrumentation: "instrumentation/main.rs", "instrumentation/metrics.rs", "instrumentation/lines.rs");
    example!(transactions: "transactions.rs");
    example!(dashboard: "dashboard/main.rs", "dashboard/shop.rs", "dashboard/browser.rs");
    example!(testing: "testing.rs");
    example!(custom_store: "custom_store/main.rs", "custom_store/journal.rs", "custom_store/calls.rs", "custom_store/capabilities.rs");
}
