//! Each file in `ruby`, which a Ruby project might have, with what is read from it (`.config`) or all that is wrong with
//! it (`.error`). The first words of its name say which sort it is.
//!
//! Comments at its top set variables: `# NAME=value`; `JOBS_ENV` among them is the environment. After a change of
//! words, `BLESS=1 cargo test -p jobs-config` writes the expected files anew; then read the difference.
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
    recurring_a_file_that_is_no_mapping_is_refused
    recurring_a_file_without_sections_holds_everywhere
    recurring_a_grown_file_is_read_whole
    recurring_an_environment_without_a_section_has_no_tasks
    recurring_commands_are_refused_with_what_to_write_instead
    recurring_schedules_that_cannot_be_are_said_with_their_place
    recurring_the_generated_file_has_nothing_to_do_here
    recurring_what_is_missing_or_cannot_be_is_said_of_each_task
    sidekiq_a_grown_file_is_read_and_what_has_no_sense_is_told
    sidekiq_a_key_given_as_symbol_and_as_text_is_given_twice
    sidekiq_a_mapping_of_weights_is_read
    sidekiq_a_number_of_threads_in_the_environment_that_is_none_is_said
    sidekiq_a_section_that_is_no_mapping_is_refused
    sidekiq_an_empty_file_has_its_defaults_and_not_ours
    sidekiq_capsules_are_workers_of_their_own
    sidekiq_equal_weights_are_an_order_by_chance
    sidekiq_mistakes_in_other_sections_are_found_too
    sidekiq_numbers_that_cannot_be_are_said_with_the_range
    sidekiq_outside_of_its_sections_holds_what_no_section_says
    sidekiq_queues_that_cannot_be_are_refused_with_the_forms
    sidekiq_scheduled_jobs_become_jobs_that_recur
    sidekiq_scheduled_jobs_that_cannot_be_are_said
    sidekiq_tags_of_ruby_are_read_over
    sidekiq_the_documented_file_is_read_as_it_stands
    sidekiq_weights_are_drawn_and_a_queue_without_one_weighs_one
    sidekiq_weights_of_nothing_are_none_and_a_queue_given_twice_is_one
    solid_queue_a_file_that_is_no_mapping_is_refused
    solid_queue_a_file_without_sections_holds_everywhere
    solid_queue_a_grown_file_becomes_workers_and_a_dispatcher
    solid_queue_a_process_that_only_dispatches_has_no_sense
    solid_queue_a_variable_that_is_fetched_and_not_set_is_named
    solid_queue_an_empty_list_of_queues_means_all
    solid_queue_an_empty_section_has_its_defaults_and_not_ours
    solid_queue_an_environment_without_a_section_is_refused_with_the_nearest
    solid_queue_names_that_no_queue_can_have_are_refused
    solid_queue_numbers_that_cannot_be_are_said_with_the_range
    solid_queue_ruby_that_is_no_look_up_is_refused_with_its_place
    solid_queue_the_generated_file_is_read_as_it_stands
    solid_queue_values_of_the_wrong_kind_are_shown
    solid_queue_values_of_variables_that_cannot_be_are_shown
    solid_queue_what_is_no_yaml_is_said
    solid_queue_what_stands_outside_of_sections_does_not_count_beside_one
}
