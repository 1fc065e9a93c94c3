//! The cases about recurring tasks.

/// Not public API: adds to the list and hands it to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases_recurring {
    ($then:ident { $($given:tt)* } $($listed:tt)*) => {
        $crate::$then! { { $($given)* } $($listed)*
            recurring_tasks requires Recurring {
                a_task_is_listed_as_it_was_declared
                a_task_keeps_when_its_jobs_expire
                tasks_are_listed_in_the_order_of_their_keys
                the_task_list_shows_the_time_of_the_store
                a_task_declared_again_continues
                a_task_with_a_new_schedule_starts_over
                a_task_of_another_program_stays
                a_task_no_longer_declared_is_forgotten_in_the_end
                a_task_can_be_forgotten_manually
                another_handle_sees_what_was_declared
            }
            recurring_ticks requires Recurring {
                a_tick_stores_its_job
                a_tick_is_taken_once
                a_repeated_tick_stores_nothing_twice
                the_next_tick_is_a_new_tick
                late_ticks_are_taken_in_their_order
                a_future_tick_is_refused
                a_tick_before_the_declaration_is_refused
                an_unknown_task_has_no_ticks
                skipped_ticks_are_gone
                a_paused_task_has_no_ticks
                a_pause_of_a_task_says_whether_it_changed_anything
                a_tick_whose_job_is_a_duplicate_is_taken (requires Unique)
                a_tick_leaves_a_job_that_is_already_stored (requires Identity)
                each_task_has_its_own_ticks
                a_clock_set_back_repeats_no_tick_of_a_task
                a_clock_that_was_far_ahead_stops_no_task
                a_dropped_tick_is_taken_with_its_job_or_not_at_all
                racing_schedulers_take_each_tick_once
                a_pause_racing_schedulers_loses_no_job
                the_job_of_a_tick_is_listed
            }
            tick_batches requires Recurring {
                ticks_of_many_tasks_are_taken_together
                a_refused_tick_holds_up_no_other_of_its_request
                ticks_of_one_task_are_taken_in_the_order_of_the_request
                a_request_with_a_job_that_is_refused_takes_no_tick
                jobs_of_ticks_are_duplicates_within_their_request (requires Unique)
                a_request_without_ticks_is_answered
                racing_requests_of_many_ticks_take_each_once
            }
        }
    };
}
