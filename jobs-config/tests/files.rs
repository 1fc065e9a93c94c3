//! Each file in `files` with what is read from it (`.config`) or all that is wrong with it (`.error`).
//!
//! Comments at its top set variables: `# NAME=value`; `JOBS_ENV` among them is the environment. After a change of
//! words, `BLESS=1 cargo test -p jobs-config` writes the expected files anew; then read the difference.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod golden;

use golden::{Golden, golden};

const FILES: Golden = Golden { folder: "files", file: |_| "jobs.yml" };

golden! { FILES:
    a_full_file_sets_everything
    an_empty_section_has_the_defaults
    an_empty_value_is_the_default_also_over_one_that_is_merged_in
    anchors_and_merge_keys_share_parts
    durations_add_up_and_sizes_count_in_1024
    ruby_in_a_comment_is_a_comment
    ruby_symbols_are_keys
    the_url_of_the_environment_comes_before_that_of_the_file
    variables_are_put_in_place
    variables_of_other_environments_are_not_asked_for
    workers_take_a_name_a_list_or_weights

    a_bracket_that_is_not_closed_is_no_yaml
    a_file_that_is_no_mapping_is_refused
    a_file_without_sections_is_refused
    a_merge_of_a_number_is_no_yaml
    a_second_document_is_no_yaml
    a_shared_part_is_said_to_be_wrong_once_and_where_it_stands
    a_silence_that_kills_live_processes_is_refused
    a_tab_is_no_yaml
    a_variable_between_braces_needs_quotes
    an_anchor_that_nobody_set_is_no_yaml
    an_anchor_within_itself_is_no_yaml
    an_environment_without_a_section_is_refused
    durations_that_cannot_be_are_said_with_the_forms
    keys_given_twice_are_said_with_the_first_line
    keys_that_are_no_words_are_refused
    names_of_queues_that_cannot_be_are_refused
    numbers_that_cannot_be_are_said_with_the_range
    ruby_is_refused_wherever_it_stands
    selectors_that_cannot_be_are_refused
    settings_outside_of_environments_are_refused
    sizes_that_cannot_be_are_said_with_the_forms
    unknown_keys_are_said_with_the_known_ones_and_the_nearest
    values_of_the_wrong_kind_are_shown
    variables_that_are_malformed_are_refused
    variables_that_are_missing_are_named
    variables_with_a_value_that_cannot_be_are_refused
    what_may_be_secret_is_not_shown
}
