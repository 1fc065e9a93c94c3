//! The list of all cases, written once; those about inspection and recurring tasks are in the files beside it.
//!
//! A group, or a single case, may say what it `requires`: a [`Requirement`](crate::contract::Requirement) that not every
//! store meets.

/// Not public API: hands the list to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases {
    ($then:ident { $($given:tt)* }) => {
        $crate::__cases_inspection! { $then { $($given)* }
            enqueue {
                a_job_due_now_can_be_claimed_at_once
                a_job_due_later_is_not_claimed
                a_due_time_in_the_past_means_now
                a_wait_of_zero_means_now
                the_current_moment_means_now
                answers_are_in_the_order_of_the_jobs
                an_empty_batch_stores_nothing
                the_extremes_of_time_do_not_overflow
                a_batch_may_hold_ready_and_scheduled_jobs
                another_handle_sees_what_was_stored
                a_job_without_a_valid_name_or_queue_is_refused_with_its_batch
            }
            dispatch {
                nothing_is_ready_before_its_time
                a_job_is_ready_exactly_at_its_due_time
                a_given_due_time_is_kept
                only_a_dispatch_makes_a_due_job_ready
                the_job_due_first_becomes_ready_first
                a_dispatch_returns_the_time_until_the_next_job
                jobs_beyond_the_limit_are_reported_as_due_now
                a_limit_of_zero_moves_nothing
                a_repeated_dispatch_does_no_harm
                a_clock_set_back_makes_scheduled_jobs_wait_on
                the_greatest_limit_is_no_limit
            }
            claim {
                no_job_is_given_to_two_claims
                a_claim_gives_at_most_its_limit
                a_limit_of_zero_claims_nothing
                no_selector_claims_nothing
                an_empty_store_gives_nothing
                an_execution_carries_what_was_enqueued
                an_execution_shows_when_it_was_due
                each_claim_counts_an_attempt
                each_claim_has_another_number (requires Fencing)
                a_claimed_job_is_not_claimed_again
                the_job_enqueued_first_is_claimed_first
                a_batch_is_claimed_in_its_order
                the_greatest_limit_is_no_limit
            }
            selectors {
                an_exact_selector_gives_only_its_queue
                a_prefix_selector_gives_all_queues_with_the_prefix
                a_prefix_selector_goes_by_priority_across_its_queues (requires Order)
                selectors_are_served_in_their_order
                the_limit_is_filled_over_all_selectors
                overlapping_selectors_give_no_job_twice
                a_queue_that_does_not_exist_gives_nothing
                special_characters_in_queue_names_are_literal
                special_characters_in_prefixes_are_literal
                queue_names_are_case_sensitive
                queue_names_of_any_script_are_selected
                the_longest_queue_name_is_kept
                a_retry_in_another_queue_is_claimed_there
                an_empty_prefix_means_all_queues
            }
            selector_limits {
                each_selector_gives_at_most_its_own_limit
                the_limit_of_a_claim_is_for_all_its_selectors
                what_one_selector_does_not_use_the_next_may_have
                a_limit_of_zero_takes_nothing_from_a_selector
                a_queue_belongs_to_the_first_selector_that_selects_it
                a_limit_is_for_all_queues_of_a_selector_together
                a_limit_holds_in_the_call_that_settles_too
                the_next_claim_continues_where_a_limit_ended
                paused_queues_do_not_use_a_limit_up (requires Manage)
                no_queue_of_a_selector_is_passed_over_for_another (requires Order)
                limits_hold_together_with_the_order_of_any_selectors (requires Order)
            }
            order requires Order {
                a_higher_priority_is_claimed_first
                the_extremes_of_priority_keep_their_order
                a_late_job_of_higher_priority_overtakes
                priority_and_age_decide_across_all_queues
                a_released_job_keeps_its_position
                a_job_that_became_ready_later_keeps_its_position
                jobs_that_became_ready_together_are_claimed_by_age
                a_retried_job_keeps_its_position
                a_recovered_job_keeps_its_position
                a_retry_with_another_priority_is_claimed_by_that_priority
                a_manually_moved_job_keeps_its_position
                many_queues_are_merged_in_one_order
            }
            payload {
                unknown_keys_of_meta_are_kept
                no_meta_stays_no_meta
                meta_survives_release_and_recovery
                a_retry_replaces_meta
                a_continuation_replaces_meta
                a_failure_replaces_meta
                text_of_any_script_comes_back
                a_mebibyte_of_arguments_is_not_cut
                any_sixteen_bytes_are_an_id
                two_thousand_jobs_pass_in_one_batch_per_call
                two_thousand_jobs_become_ready_in_one_dispatch
            }
            settle {
                a_finished_job_is_deleted_unless_kept
                a_finished_job_is_kept_on_request (requires Retention)
                a_retry_waits_by_the_stores_clock
                a_retry_without_wait_is_scheduled_and_due_now
                a_failed_job_is_kept
                a_discarded_job_is_kept_and_does_not_run (requires Retention)
                a_released_job_is_ready_without_a_counted_attempt
                a_stale_settlement_does_not_stop_the_others
                an_empty_batch_settles_nothing
                a_retried_attempt_is_counted
                a_retry_keeps_queue_and_priority_unless_changed
                a_batch_of_different_decisions_is_written
                the_longest_wait_does_not_overflow
                a_token_is_valid_through_any_handle
            }
            continuation {
                a_continuation_counts_no_attempt
                a_continuation_uncounts_only_its_own_attempt
                a_continuation_waits_by_the_stores_clock
                a_continuation_keeps_the_errors_and_adds_none
                a_continuation_keeps_the_job_unchanged
                a_continuation_keeps_the_crash_count (requires Attempts)
            }
            errors {
                an_error_is_kept_letter_by_letter
                errors_are_listed_in_the_order_they_occurred (requires History)
                a_failure_is_added_to_earlier_errors (requires History)
                a_finished_job_keeps_its_errors (requires Retention)
                a_discard_without_an_error_adds_none (requires Retention)
                a_release_leaves_the_errors
                errors_belong_to_their_job
                a_stale_settlement_adds_no_error
                a_poisoned_job_shows_why (requires History Attempts)
                extreme_values_of_an_error_are_stored
                of_many_errors_the_first_and_the_last_are_kept (requires History)
                of_many_deaths_the_first_and_the_last_are_kept (requires History Attempts)
                long_texts_of_an_error_are_cut_with_a_mark
            }
            attempt_logs requires AttemptLogs {
                the_log_of_a_failed_attempt_is_kept_letter_by_letter
                each_failed_attempt_has_its_own_log (requires History)
                the_log_of_a_finished_job_is_kept_with_its_process (requires Retention)
                a_batch_may_mix_jobs_with_and_without_logs (requires Retention)
                a_stale_settlement_keeps_no_log (requires Retention)
                lists_leave_logs_out
                a_pruned_job_leaves_no_log (requires Retention Manage)
            }
            settle_and_claim {
                one_call_settles_and_claims_the_next_jobs
                a_released_job_can_be_claimed_in_the_same_call
                a_job_released_in_the_call_keeps_its_position
                a_job_retried_in_the_call_waits_for_a_dispatch
                a_job_done_in_the_call_is_not_claimed_again
                a_stale_token_in_the_call_stops_nothing_else (requires Fencing)
                a_recovered_process_settles_nothing_in_the_call
                of_two_settlements_in_the_call_the_first_is_written
                with_a_limit_of_zero_the_call_only_settles
                without_a_selector_the_call_only_settles
                without_settlements_the_call_only_claims
                the_call_claims_by_selectors
                a_worker_finishes_all_jobs_by_this_call_alone
            }
            fencing {
                a_recovered_job_is_fenced_from_its_old_process
                a_job_claimed_again_is_fenced_from_its_old_claim
                an_older_claim_of_the_same_process_is_fenced (requires Fencing)
                another_process_may_not_settle
                a_claim_number_that_was_never_issued_is_stale (requires Fencing)
                an_unknown_job_is_stale
                an_unclaimed_job_cannot_be_settled
                a_settled_execution_cannot_be_settled_again
                of_two_settlements_in_a_batch_the_first_is_written
                jobs_released_by_a_stop_are_fenced_from_the_process
                a_poisoned_job_is_fenced_from_its_last_process
            }
            heartbeat {
                a_recovered_process_learns_it_once
                silence_before_any_recovery_is_forgiven
                a_process_can_be_recovered_again
                the_first_heartbeat_is_not_a_revival
                a_sender_of_heartbeats_needs_no_other_runtime
                the_status_of_a_process_is_shown
                a_quiet_process_keeps_its_jobs
                a_stopped_process_is_forgotten
                a_repeated_stop_does_no_harm
                a_stopped_process_releases_only_its_own_jobs
                a_process_without_a_heartbeat_may_stop
                a_clock_set_back_kills_no_living_process
                a_clock_set_back_hides_no_dead_process
            }
            orders requires ProcessOrders {
                a_process_learns_what_it_is_asked_until_it_has_done_it
                a_quiet_process_is_asked_to_stop
                an_order_outlasts_a_silence
                an_unknown_process_takes_no_orders
                a_process_learns_which_of_its_jobs_are_to_be_cancelled
                a_request_to_cancel_ends_with_the_claim
                only_a_job_that_a_known_process_runs_can_be_cancelled
            }
            recovery {
                the_jobs_of_a_silent_process_are_ready_again
                a_process_that_sends_heartbeats_keeps_its_jobs
                silence_of_exactly_the_limit_is_tolerated
                a_stopped_process_releases_its_jobs
                a_job_whose_process_crashed_too_often_fails_as_poison
                the_jobs_of_an_unknown_process_are_ready_again
                only_silent_processes_lose_their_jobs
                a_repeated_recovery_does_nothing
                nothing_is_recovered_without_a_crash
                a_recovery_leaves_jobs_in_other_states
                a_recovered_process_is_forgotten
                crashes_of_any_process_are_counted
                only_a_lost_process_is_counted_as_a_crash
                a_crash_limit_of_one_allows_no_crash
                the_longest_silence_recovers_no_process
            }
            manage requires Manage {
                a_manual_retry_makes_only_allowed_transitions (requires Retention)
                a_manual_discard_makes_only_allowed_transitions
                a_reschedule_makes_only_allowed_transitions
                only_jobs_that_were_moved_are_counted (requires Retention)
                unknown_ids_are_ignored
                an_id_given_twice_is_moved_once
                a_claimed_job_stays_with_its_process
                a_manually_retried_job_is_ready_at_once
                errors_are_kept_over_a_manual_retry (requires History)
                a_manual_retry_resets_the_crash_count
                a_manually_discarded_job_does_not_run
                a_ready_job_rescheduled_later_waits_for_its_time
                a_scheduled_job_rescheduled_earlier_is_due_earlier
            }
            pause requires Manage {
                a_paused_queue_gives_nothing
                paused_queues_among_many_are_skipped
                a_resumed_queue_gives_its_waiting_jobs
                a_pause_says_whether_it_changed_anything
                an_invalid_queue_name_cannot_be_paused
                a_queue_without_jobs_can_be_paused
                claimed_jobs_may_be_settled_during_a_pause
                a_pause_counts_no_attempt
            }
            prune requires Manage Retention {
                a_job_done_exactly_that_long_ago_is_pruned
                a_job_done_a_microsecond_later_is_not_pruned
                age_counts_from_when_a_job_was_done
                at_most_the_limit_is_pruned
                the_limit_counts_only_pruned_jobs
                only_finished_and_discarded_jobs_are_pruned
                a_failed_job_is_never_pruned
                a_discarded_job_that_was_retried_is_not_pruned
                a_manually_discarded_job_ages_from_then
                the_id_of_a_pruned_job_may_be_enqueued_again
                the_id_of_a_job_that_was_not_kept_may_be_enqueued_again
                pruned_jobs_are_neither_listed_nor_counted
                the_greatest_age_prunes_nothing
                the_greatest_limit_is_no_limit
                a_clock_set_back_does_not_prevent_pruning
            }
            notifications requires Notifications {
                a_tick_wakes_listeners
                an_enqueued_job_wakes_listeners
                a_scheduled_job_wakes_listeners
                a_dispatch_wakes_listeners
                a_job_that_goes_back_wakes_listeners
                a_release_in_settle_and_claim_wakes_listeners
                a_recovery_wakes_listeners
                a_stopped_process_wakes_listeners
                a_manual_retry_wakes_listeners
                a_reschedule_wakes_listeners
                a_resumed_queue_wakes_listeners
                a_notification_before_the_call_is_kept
                a_dropped_call_loses_no_notification
                a_listener_is_notified_again_and_again
                all_listeners_are_notified
                a_waiting_listener_is_woken
                calls_of_another_handle_wake_listeners
            }
            repeated_enqueue requires Identity {
                a_repeated_enqueue_stores_nothing_twice
                a_partly_stored_batch_is_completed
                a_job_twice_in_one_batch_is_stored_once
                a_repeated_enqueue_leaves_a_claimed_job_to_its_holder
                a_repeated_enqueue_leaves_a_settled_job_unchanged
                a_repeated_enqueue_does_not_change_the_job
                a_batch_enqueued_through_two_handles_is_stored_once
            }
            idempotency {
                a_repeated_settlement_changes_nothing
                a_partly_settled_batch_is_completed
                repeated_heartbeats_register_one_process
                jobs_of_a_lost_claim_come_back_with_a_stop
                jobs_of_a_lost_claim_come_back_with_a_recovery
            }
            unique_conflicts requires Unique {
                a_second_job_of_a_key_is_a_duplicate
                a_duplicate_stores_nothing
                different_keys_do_not_conflict
                queue_priority_and_time_are_not_part_of_a_key
                a_scheduled_job_blocks_duplicates
                the_first_job_of_a_key_in_a_batch_is_stored
                a_large_batch_of_one_key_stores_one_job
                a_repeated_id_is_not_its_own_duplicate
                a_repeated_id_is_not_a_duplicate_of_a_later_job
                a_deleted_job_whose_key_is_held_is_not_stored_again
                a_repeated_batch_gets_the_same_answers
                another_handle_refuses_duplicates_too
                one_of_racing_enqueues_of_a_key_is_stored
            }
            unique_release requires Unique {
                a_key_until_start_is_free_after_the_first_claim
                a_key_until_start_is_never_taken_back
                a_key_until_done_is_held_during_retries
                a_key_until_done_is_held_during_a_crash
                a_key_until_done_is_free_after_every_end
                settle_and_claim_frees_the_key_of_a_done_job
                a_stale_settlement_frees_no_key
                the_end_of_an_earlier_job_keeps_the_key_of_a_later_one
                a_key_for_a_time_is_freed_by_the_clock
                a_key_for_a_time_outlives_its_job
                an_event_or_a_time_frees_the_key_whichever_is_first
                the_greatest_time_does_not_overflow
                pruning_keeps_unique_keys
            }
            unique_expiry requires Unique {
                an_expired_job_that_waits_holds_no_key
                an_expired_job_that_is_claimed_holds_its_key
                an_expired_job_leaves_its_key_to_the_next
                of_enqueues_racing_the_claim_of_an_expired_job_one_is_stored
            }
            unique_retry requires Unique Manage {
                a_manually_retried_job_takes_its_key_again
                a_job_whose_key_is_taken_is_not_retried
                one_of_failed_jobs_of_a_key_is_retried
                a_job_unique_until_start_is_retried_beside_another
                a_job_that_never_started_takes_its_key_again
                a_manually_discarded_job_frees_its_key
                a_manually_rescheduled_job_keeps_its_key
                a_manual_retry_racing_enqueues_leaves_one_job
            }
            dropped_calls {
                a_dropped_enqueue_stores_all_or_nothing
                a_dropped_dispatch_loses_no_job
                a_dropped_claim_holds_all_or_nothing
                jobs_of_a_dropped_claim_are_claimed_again
                jobs_of_a_dropped_settle_and_claim_are_claimed_again
                jobs_of_an_unread_claim_are_claimed_again
                a_dropped_settle_writes_all_or_nothing
                a_dropped_settle_and_claim_settles_all_or_nothing
                a_dropped_stop_gives_back_all_or_nothing
                a_dropped_recovery_counts_each_crash_once
            }
            crash {
                a_crash_before_the_enqueue_leaves_nothing
                a_crash_after_the_enqueue_loses_nothing
                a_crash_after_the_claim_costs_an_attempt
                a_crash_after_the_retry_keeps_its_error
                a_crash_after_the_dispatch_loses_nothing
                a_crash_after_the_second_claim_costs_another_attempt
                a_crash_after_the_finish_repeats_nothing
                every_call_of_a_lifecycle_may_be_repeated (requires Identity Retention)
                a_graceful_stop_costs_no_attempt
                a_crash_of_all_processes_loses_nothing
            }
            races {
                racing_claims_share_the_jobs_out
                racing_workers_finish_each_job_once
                one_of_racing_settlements_is_written
                racing_enqueues_of_one_batch_store_it_once (requires Identity)
                racing_dispatches_make_each_job_ready_once
                racing_recoveries_take_each_job_back_once
                a_settlement_racing_a_recovery_wins_or_loses
                racing_releases_count_no_attempt
                a_manual_change_racing_a_claim_wins_or_loses
                racing_stops_lose_no_job
                racing_prunes_forget_each_job_once (requires Retention)
            }
            stress {
                under_stress_each_job_is_finished_once
            }
            model {
                a_random_walk_makes_only_allowed_transitions (requires Attempts Retention)
            }
        }
    };
}
