//! Each file in `ruby`, which a Ruby project might have, with the configuration that is read from it (`.config`) or all its
//! mistakes (`.error`). The first words of its name say which kind of file it is.
//!
//! Comments at its top set variables: `# NAME=value`; `JOBS_ENV` among them is the environment. After a change of
//! messages, `BLESS=1 cargo test -p jobs-config` writes the expected files again; then read the difference.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod golden;

use golden::{Golden, golden};

const RUBY: Golden = Golden { folder: "ruby", file };

fn file(name: &str) -> &'static str {
    match name.split('_').next() {
        Some("sidekiq") => "sidekiq.yml",
        Some("recurring") => "recurring.yml",
        _ => "queue.yml",
    }
}

golden! { RUBY:
    recurring_schedules_are_read_as_fugit_reads_them
    solid_queue_conditions_of_ruby_choose_values
    recurring_schedule_of_sidekiq_cron_is_read
    recurring_list_of_sidekiq_cron_is_read
    recurring_wrong_scheduled_jobs_are_reported_for_each
    recurring_a_star_needs_quotes
    sidekiq_sections_of_other_environments_alone_give_the_defaults
    solid_queue_sections_of_something_else_say_nothing_unless_used
    recurring_a_file_that_is_not_a_mapping_is_refused
    recurring_a_file_without_sections_applies_to_every_environment
    recurring_a_real_file_is_read_completely
    recurring_an_environment_without_a_section_has_no_tasks
    recurring_commands_are_refused_with_what_to_write_instead
    recurring_wrong_schedules_are_reported_with_their_location
    recurring_the_generated_file_gives_a_warning_and_no_task
    recurring_mistakes_are_reported_for_each_task
    sidekiq_a_real_file_is_read_with_warnings_about_ignored_settings
    sidekiq_a_key_given_as_symbol_and_as_text_is_given_twice
    sidekiq_a_mapping_of_weights_is_read
    sidekiq_a_wrong_number_of_threads_in_the_environment_is_reported
    sidekiq_a_section_that_is_not_a_mapping_is_refused
    sidekiq_an_empty_file_has_the_defaults_of_sidekiq
    sidekiq_capsules_are_workers_of_their_own
    sidekiq_equal_weights_are_a_random_order
    sidekiq_mistakes_in_other_sections_are_found_too
    sidekiq_wrong_numbers_are_reported_with_the_range
    sidekiq_settings_outside_of_sections_are_defaults
    sidekiq_wrong_queues_are_refused_with_the_valid_forms
    sidekiq_scheduled_jobs_become_recurring_jobs
    sidekiq_wrong_scheduled_jobs_are_reported
    sidekiq_ruby_tags_are_ignored
    sidekiq_the_documented_file_is_read_without_changes
    sidekiq_a_queue_without_a_weight_has_weight_one
    sidekiq_zero_is_no_weight_and_a_repeated_queue_counts_once
    solid_queue_a_file_that_is_not_a_mapping_is_refused
    solid_queue_a_file_without_sections_applies_to_every_environment
    solid_queue_a_real_file_becomes_workers_and_a_dispatcher
    solid_queue_a_process_that_only_dispatches_is_refused
    solid_queue_a_variable_that_is_fetched_and_not_set_is_named
    solid_queue_an_empty_list_of_queues_means_all
    solid_queue_an_empty_section_has_the_defaults_of_solid_queue
    solid_queue_an_environment_without_a_section_is_refused_with_the_nearest
    solid_queue_invalid_queue_names_are_refused
    solid_queue_wrong_numbers_are_reported_with_the_range
    solid_queue_ruby_other_than_a_variable_is_refused_with_its_location
    solid_queue_the_generated_file_is_read_without_changes
    solid_queue_values_of_the_wrong_kind_are_quoted
    solid_queue_wrong_values_of_variables_are_quoted
    solid_queue_text_that_is_not_yaml_is_refused
    solid_queue_settings_outside_of_sections_are_ignored_beside_a_section
}
