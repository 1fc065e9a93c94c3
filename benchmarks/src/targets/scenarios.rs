//! The targets of the phases that run only by name.

use bench_protocol::{Part, Selectors};

use super::{Target, at_least, below};
use crate::contestant::Store;
use crate::phase::Phase;
use crate::results::Results;

/// All of them.
pub(super) fn all(results: &Results) -> Vec<Target> {
    [queues(results), snapshot(results), weights(results), recurring(results), lost_node(results)].concat()
}

fn queues(results: &Results) -> Vec<Target> {
    let many = |selectors| {
        let of = |queues| ("jobs", Phase::Queues(queues, selectors));
        results.ratio_of(of(10_000), of(1))
    };
    let slower = |selectors| {
        let claim = |queues| results.latency("jobs", Phase::ClaimTime(queues, selectors)).map(|it| it.0);
        Some(claim(10_000)? / claim(1)?)
    };
    let idle = results.idle_server("jobs", Phase::IdleQueues).or(results.idle_own("jobs", Phase::IdleQueues));
    vec![
        at_least("drain of 10,000 queues by `*` / of one", many(Selectors::All), 0.5),
        at_least("drain of 10,000 queues by a prefix / of one", many(Selectors::Prefix), 0.5),
        at_least("drain of 10,000 queues by a list / of one", many(Selectors::Prefixes), 0.5),
        below("a claim from 10,000 queues by `*` / from one, p50", slower(Selectors::All), 2.0),
        below("a claim from 10,000 queues by a prefix / from one, p50", slower(Selectors::Prefix), 2.0),
        below("a claim from 10,000 queues by a list / from one, p50", slower(Selectors::Prefixes), 2.0),
        below("500 empty queues, 32 workers: percent of a processor of the store", idle, 5.0),
    ]
}

/// At the end of the run, where the difference is largest.
#[expect(clippy::cast_precision_loss, reason = "a number of jobs is far below 2⁵²")]
fn snapshot(results: &Results) -> Vec<Target> {
    let over = |of: fn(&Part) -> f64| {
        let (with, without) = (Phase::SteadySnapshot, Phase::Steady);
        Some(results.last_part("jobs", with, of)? / results.last_part("jobs", without, of)?)
    };
    vec![
        at_least(
            "last tenth beside a snapshot / without, jobs per second",
            over(|it| it.jobs as f64 / it.seconds),
            0.8,
        ),
        below("last tenth beside a snapshot / without, pickup p99", over(|it| it.p99_us as f64), 1.2),
    ]
}

fn weights(results: &Results) -> Vec<Target> {
    [
        ("weights 9:1, jobs of nothing: worst deviation in percent", Phase::Weights([9, 1, 0], 0)),
        ("weights 9:1, jobs of 10 ms: worst deviation in percent", Phase::Weights([9, 1, 0], 10)),
        ("weights 5:3:1, jobs of nothing: worst deviation in percent", Phase::Weights([5, 3, 1], 0)),
        ("weights 5:3:1, jobs of 10 ms: worst deviation in percent", Phase::Weights([5, 3, 1], 10)),
    ]
    .map(|(words, phase)| below(words, results.deviation("jobs", phase), 3.0))
    .into()
}

fn recurring(results: &Results) -> Vec<Target> {
    if results.store != Store::Postgres {
        return Vec::new();
    }
    vec![
        below("500 tasks at one tick, s", results.seconds("jobs", Phase::Recurring(500)), 0.5),
        below("5,000 tasks at one tick, s", results.seconds("jobs", Phase::Recurring(5_000)), 2.0),
    ]
}

fn lost_node(results: &Results) -> Vec<Target> {
    vec![below("jobs of a killed process / ideal time", results.over_ideal("jobs", Phase::LostNode), 3.0)]
}
