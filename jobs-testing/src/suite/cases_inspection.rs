//! The cases about inspecting what is stored.

/// Not public API: adds them to the others, and hands the list to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases_inspection {
    ($then:ident { $($given:tt)* } $($others:tt)*) => {
        $crate::__cases_recurring! { $then { $($given)* }
            $($others)*
            find requires Inspect {
                a_job_is_found_with_all_it_was_enqueued_with (requires Unique)
                a_job_that_never_was_is_not_found
                a_job_is_found_in_every_state
                only_a_claimed_job_shows_its_process (requires Retention)
                a_job_shows_when_it_was_claimed_or_nothing
                only_a_done_job_shows_when_it_was_done (requires Retention)
                counts_show_each_state (requires Retention)
                a_pruned_job_is_not_counted
                inspecting_changes_nothing
            }
            list requires Inspect {
                a_list_is_in_the_order_of_ids
                a_list_of_a_state_has_only_its_jobs (requires Retention)
                a_list_of_a_queue_has_only_its_jobs
                a_list_of_a_name_has_only_its_jobs
                all_conditions_of_a_filter_must_hold
                a_page_begins_after_the_page_before (requires Retention)
                a_limit_of_zero_means_a_hundred
                a_page_may_begin_after_a_job_that_is_gone
                a_list_shows_jobs_as_find_does (requires Retention History)
            }
            page requires Inspect {
                the_newest_may_come_first (requires Retention)
                pages_continue_in_both_orders
                a_page_lies_between_two_ids
                the_greatest_page_and_window_are_no_limit (requires Retention)
                a_period_includes_its_start_and_excludes_its_end
                jobs_are_found_by_when_they_are_due
                jobs_are_found_by_when_they_were_done (requires Retention)
                jobs_are_found_by_the_process_that_claimed_them
                jobs_are_found_by_their_last_error
                failed_jobs_are_grouped_and_a_group_is_found
                jobs_are_found_by_text_in_their_arguments
                a_searched_text_is_literal
                jobs_are_found_by_a_part_of_their_id
                an_empty_page_shows_where_to_continue
                a_list_continues_until_it_has_enough
                a_summary_has_no_arguments_and_only_the_last_error (requires History)
                summaries_are_found_by_what_they_do_not_contain
            }
            stats requires Inspect {
                statistics_match_the_single_queries
                statistics_show_the_time_of_the_store
                a_due_job_is_shown_as_late_until_it_is_dispatched
                a_due_tick_is_shown_as_late_until_it_is_taken (requires Recurring)
                totals_begin_at_zero
                each_job_is_counted_once_as_enqueued
                a_discarded_job_that_is_retried_was_enqueued_once (requires Retention)
                finished_jobs_are_counted_whether_kept_or_not
                jobs_discarded_by_rules_and_manually_are_counted
                each_recorded_error_is_counted
                totals_include_pruned_jobs (requires Retention)
            }
            figures requires Figures {
                a_new_store_has_no_figures
                added_figures_are_read_in_each_range
                figures_of_all_processes_are_added_up
                figures_are_counted_in_the_step_in_which_they_are_added
                figures_are_read_of_one_job_or_one_queue
                steps_that_are_over_are_forgotten
                a_step_has_at_most_so_many_rows
                names_are_kept_as_they_are
                a_start_of_another_version_is_a_deploy
                racing_processes_lose_no_figures
            }
            monitoring requires Inspect {
                a_queue_shows_its_ready_jobs_and_latency
                queues_are_sorted_by_name
                a_queue_is_shown_with_its_jobs_by_state
                a_queue_with_nothing_but_done_jobs_is_not_shown
                a_paused_queue_is_shown_even_if_it_is_empty
                latency_counts_from_when_a_job_was_due
                latency_of_a_retried_job_counts_from_its_retry
                latency_is_never_negative
                a_process_is_shown_as_its_last_heartbeat_described_it
                a_process_shows_how_many_jobs_it_holds
                a_process_shows_since_when_it_holds_its_first_job_or_nothing
                a_process_shows_what_it_can_run_or_nothing
                the_oldest_process_is_shown_first
            }
        }
    };
}
