//! Each file in `files` with the configuration that is read from it (`.config`) or all its mistakes (`.error`).
//!
//! Comments at its top set variables: `# NAME=value`; `JOBS_ENV` among them is the environment. After a change of
//! messages, `BLESS=1 cargo test -p jobs-config` writes the expected files again; then read the difference.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod golden;

use golden::{Golden, golden};

const FILES: Golden = Golden { folder: "files", file: |_| "jobs.yml" };

golden! { FILES:
    a_star_and_an_at_sign_need_quotes
    a_star_alone_needs_quotes
    a_time_zone_is_that_of_schedules_without_one
    a_wrong_time_zone_is_told_the_nearest
    a_full_file_sets_everything
    an_empty_section_has_the_defaults
    an_empty_value_is_the_default_also_over_one_that_is_merged_in
    anchors_and_merge_keys_share_parts
    durations_add_up_and_sizes_count_in_1024
    ruby_in_a_comment_is_a_comment
    ruby_symbols_are_keys
    the_url_variable_overrides_the_url_of_the_file
    variables_are_expanded
    variables_of_other_environments_are_not_read
    workers_take_a_name_a_list_or_weights
    workers_mix_order_and_weights_and_limit_queues
    limits_of_queues_that_cannot_hold_are_refused

    a_bracket_that_is_not_closed_is_not_yaml
    a_file_that_is_not_a_mapping_is_refused
    a_file_without_sections_is_refused
    a_merge_of_a_number_is_not_yaml
    a_second_document_is_not_yaml
    a_mistake_in_a_shared_part_is_reported_once_at_its_location
    a_silence_shorter_than_two_heartbeats_is_refused
    a_tab_is_not_yaml
    a_variable_between_braces_needs_quotes
    an_undefined_anchor_is_not_yaml
    an_anchor_within_itself_is_not_yaml
    an_environment_without_a_section_is_refused
    wrong_durations_are_reported_with_the_valid_forms
    zero_and_numbers_without_a_unit_are_told_what_is_accepted
    keys_given_twice_are_reported_with_the_first_line
    keys_that_are_not_text_are_refused
    limits_of_the_wrong_kind_are_told_the_words_there_are
    invalid_queue_names_are_refused
    wrong_numbers_are_reported_with_the_range
    ruby_is_refused_everywhere
    invalid_selectors_are_refused
    settings_outside_of_environments_are_refused
    wrong_sizes_are_reported_with_the_valid_forms
    unknown_keys_are_reported_with_the_known_ones_and_the_nearest
    values_of_the_wrong_kind_are_quoted
    variables_that_are_malformed_are_refused
    variables_that_are_missing_are_named
    variables_with_a_wrong_value_are_refused
    secrets_are_not_quoted
}
