//! Stores that break a promise of `Inspect`.

use jobs_core::{Filter, Inspect, JobStats, Order, Page, Period, QueueRecord, State, Store, StoreFuture};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Shows jobs wrongly, by one of these faults.
struct Looks(MemoryStore, Fault);

#[derive(PartialEq)]
enum Fault {
    Backwards,
    OnlyForwards,
    WithTheEndOfAPeriod,
    EndsWithTheWindow,
    ForgetsTotals,
    HidesIdleQueues,
    CountsClaimedAsReady,
}

impl Looks {
    fn asked(&self, filter: &Filter) -> Filter {
        let mut asked = filter.clone();
        match self.1 {
            Fault::OnlyForwards => asked.order = Order::OldestFirst,
            Fault::WithTheEndOfAPeriod => {
                let until = filter.enqueued.until.map(|until| until + std::time::Duration::from_micros(1));
                asked.enqueued = Period { until, ..filter.enqueued };
            }
            _ => {}
        }
        asked
    }
}

impl PassThrough for Looks {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn page<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Page> {
        let asked = self.asked(filter);
        Box::pin(async move {
            let mut found = self.0.page(&asked).await?;
            if self.1 == Fault::Backwards {
                found.jobs.reverse();
            }
            if self.1 == Fault::EndsWithTheWindow && found.jobs.is_empty() {
                found.next = None;
            }
            Ok(found)
        })
    }

    fn queues(&self) -> StoreFuture<'_, Vec<QueueRecord>> {
        Box::pin(async move {
            let mut queues = self.0.queues().await?;
            match self.1 {
                Fault::HidesIdleQueues => queues.retain(|queue| queue.ready > 0 || queue.paused),
                Fault::CountsClaimedAsReady => {
                    for counts in queues.iter_mut().filter_map(|queue| queue.counts.as_mut()) {
                        counts.add(State::Ready, counts.of(State::Claimed));
                    }
                }
                _ => {}
            }
            Ok(queues)
        })
    }

    fn stats(&self) -> StoreFuture<'_, JobStats> {
        Box::pin(async move {
            let mut stats = self.0.stats().await?;
            let kept = stats.counts.of(State::Finished);
            if let Some(totals) = stats.totals.as_mut().filter(|_| self.1 == Fault::ForgetsTotals) {
                totals.finished = kept;
            }
            Ok(stats)
        })
    }
}

#[test]
fn a_store_that_lists_backwards_is_caught() {
    let cases = ["list::a_list_is_in_the_order_of_ids", "list::a_page_begins_after_the_page_before"];
    is_caught_by(|store| Looks(store, Fault::Backwards), &cases);
    passes(|store| Looks(store, Fault::Backwards), "list::a_list_of_a_state_has_only_its_jobs");
}

#[test]
fn a_store_that_ignores_the_order_of_a_filter_is_caught() {
    is_caught_by(|store| Looks(store, Fault::OnlyForwards), &["page::the_newest_may_come_first"]);
}

#[test]
fn a_store_that_includes_the_end_of_a_period_is_caught() {
    let case = "page::a_period_includes_its_start_and_excludes_its_end";
    is_caught_by(|store| Looks(store, Fault::WithTheEndOfAPeriod), &[case]);
}

#[test]
fn a_store_without_a_next_page_is_caught() {
    let cases = ["page::an_empty_page_shows_where_to_continue", "page::a_list_continues_until_it_has_enough"];
    is_caught_by(|store| Looks(store, Fault::EndsWithTheWindow), &cases);
}

#[test]
fn a_store_that_returns_counts_as_totals_is_caught() {
    let cases = ["stats::totals_include_pruned_jobs", "stats::finished_jobs_are_counted_whether_kept_or_not"];
    is_caught_by(|store| Looks(store, Fault::ForgetsTotals), &cases);
    passes(|store| Looks(store, Fault::ForgetsTotals), "stats::each_job_is_counted_once_as_enqueued");
}

#[test]
fn a_store_that_hides_queues_without_ready_jobs_is_caught() {
    let case = "monitoring::a_queue_is_shown_with_its_jobs_by_state";
    is_caught_by(|store| Looks(store, Fault::HidesIdleQueues), &[case]);
    passes(|store| Looks(store, Fault::HidesIdleQueues), "monitoring::a_paused_queue_is_shown_even_if_it_is_empty");
}

#[test]
fn a_store_that_counts_claimed_jobs_as_ready_is_caught() {
    let case = "monitoring::a_queue_is_shown_with_its_jobs_by_state";
    is_caught_by(|store| Looks(store, Fault::CountsClaimedAsReady), &[case]);
}
