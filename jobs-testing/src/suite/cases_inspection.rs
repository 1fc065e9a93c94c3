//! The cases about looking at what is stored: the other part of the list.

/// Not public API: adds them to the others, and hands the list to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases_inspection {
    ($then:ident { $($given:tt)* } $($others:tt)*) => {
        $crate::__cases_recurring! { $then { $($given)* }
            $($others)*
            find {
                a_job_is_found_with_all_it_was_enqueued_with
                a_job_that_never_was_is_not_found
                a_job_is_found_in_every_state
                only_a_claimed_job_shows_a_holder
                only_a_done_job_shows_when_it_was_done
                counts_tell_each_state
                a_forgotten_job_is_not_counted
                looking_changes_nothing
            }
            list {
                a_list_stands_in_the_order_of_ids
                a_list_of_a_state_has_only_its_jobs
                a_list_of_a_queue_has_only_its_jobs
                a_list_of_a_name_has_only_its_jobs
                all_that_a_filter_says_must_hold
                a_page_begins_after_the_page_before
                a_limit_of_zero_means_a_hundred
                a_page_may_begin_after_a_job_that_is_gone
                a_list_shows_jobs_as_they_are_found
            }
            page {
                the_newest_may_come_first
                pages_go_on_in_both_orders
                a_page_lies_between_two_ids
                the_greatest_page_and_window_are_no_limit
                a_period_begins_with_its_first_moment_and_ends_before_its_last
                jobs_are_found_by_when_they_are_due
                jobs_are_found_by_when_they_were_done
                jobs_are_found_by_who_holds_them
                jobs_are_found_by_their_last_error
                jobs_are_found_by_what_their_arguments_say
                a_text_is_sought_as_it_is
                jobs_are_found_by_a_part_of_their_id
                a_page_that_finds_nothing_tells_where_to_go_on
                a_list_goes_on_until_it_has_enough
            }
            stats {
                figures_are_those_of_the_single_looks
                figures_tell_the_time_of_the_store
                totals_begin_at_nothing
                each_job_counts_once_as_enqueued
                finished_jobs_count_whether_they_are_kept_or_not
                discarded_jobs_count_by_rule_and_by_hand
                each_noted_error_counts
                totals_outlive_what_is_forgotten
            }
            monitoring {
                a_queue_shows_its_ready_jobs_and_latency
                queues_are_sorted_by_name
                a_queue_without_ready_jobs_is_not_shown
                a_paused_queue_is_shown_even_if_it_is_empty
                latency_counts_from_when_a_job_was_due
                latency_of_a_retried_job_counts_from_its_retry
                latency_is_never_negative
                a_process_is_shown_as_it_described_itself_last
                a_process_shows_how_many_jobs_it_holds
                the_oldest_process_is_shown_first
            }
        }
    };
}
