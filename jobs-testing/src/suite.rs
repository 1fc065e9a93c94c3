//! The list of all cases, as tests.

/// Holds a store to the contract: one test for each promise of [`contract`](crate::contract).
///
/// Takes the name of a function `async fn open(clock: Arc<dyn Clock>) -> Subject` that opens an empty store
/// which goes by that clock. Call it in a file of `tests/`; the tests are named as `claiming::no_job_is_..`.
/// The crate needs `tokio` with the features `macros` and `rt-multi-thread`.
///
/// ```
/// # mod example {
/// use std::sync::Arc;
///
/// use jobs_core::Clock;
/// use jobs_memory::MemoryStore;
/// use jobs_testing::contract::Subject;
///
/// async fn open(clock: Arc<dyn Clock>) -> Subject {
///     Subject::new(Arc::new(MemoryStore::new(clock)))
/// }
///
/// jobs_testing::store_contract!(open);
/// # }
/// ```
#[macro_export]
macro_rules! store_contract {
    ($open:path) => {
        $crate::__store_contract! { $open;
            enqueuing {
                a_job_due_now_can_be_claimed_at_once
                a_job_due_later_is_not_claimed
                a_past_point_means_at_once
                no_wait_means_at_once
                this_very_moment_means_at_once
                the_answers_stand_in_the_order_of_the_jobs
                an_empty_batch_stores_nothing
                a_repeated_enqueue_stores_nothing_twice
                a_batch_that_is_stored_in_part_is_completed
                a_job_twice_in_one_batch_is_stored_once
                a_repeated_enqueue_leaves_a_claimed_job_to_its_holder
                a_repeated_enqueue_leaves_what_became_of_a_job
                a_repeated_enqueue_changes_no_contents
            }
            dispatching {
                nothing_is_ready_before_its_time
                a_job_is_ready_at_its_very_moment
                a_given_point_is_kept
                only_a_dispatch_makes_a_due_job_ready
                the_job_due_first_becomes_ready_first
                the_time_until_the_next_job_is_told
                what_is_left_over_is_told_as_due_already
                a_limit_of_zero_moves_nothing
                a_repeated_dispatch_does_no_harm
                a_clock_set_back_makes_scheduled_jobs_wait_on
            }
            claiming {
                no_job_is_given_to_two_claims
                a_claim_gives_at_most_its_limit
                a_limit_of_zero_claims_nothing
                no_selector_claims_nothing
                an_empty_store_gives_nothing
                an_execution_carries_what_was_enqueued
                each_claim_counts_an_attempt
                the_number_of_a_claim_grows_even_if_the_attempt_does_not
                a_claimed_job_is_not_claimed_again
                the_job_enqueued_first_is_claimed_first
                a_batch_is_claimed_in_its_order
            }
            settling {
                a_finished_job_is_forgotten_unless_it_is_to_be_kept
                a_finished_job_is_kept_if_so_decided
                a_retry_waits_by_the_stores_clock
                a_retry_without_wait_is_scheduled_and_due_now
                a_failed_job_is_kept
                a_discarded_job_is_kept_and_does_not_run
                a_released_job_is_ready_without_a_counted_attempt
                a_stale_settlement_does_not_stop_the_others
                an_empty_batch_settles_nothing
            }
            recovering {
                the_jobs_of_a_silent_process_are_ready_again
                a_process_that_beats_keeps_its_jobs
                silence_of_exactly_the_limit_is_not_death
                a_stopped_process_gives_back_what_it_holds
                a_job_that_lost_its_process_too_often_is_poisonous
            }
        }
    };
}

/// Not public API: writes the tests of [`store_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! __store_contract {
    ($open:path; $($verb:ident { $($name:ident)* })*) => {
        $($crate::__store_contract_verb! { $open; $verb { $($name)* } })*
    };
}

/// Not public API: writes the tests of one verb.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_contract_verb {
    ($open:path; $verb:ident { $($name:ident)* }) => {
        mod $verb {
            #[allow(unused_imports, reason = "the path may be absolute")]
            use super::*;

            $(
                #[tokio::test]
                async fn $name() {
                    $crate::contract::$verb::$name($crate::contract::Stage::open($open).await).await;
                }
            )*
        }
    };
}
