//! `bin/failed-tests` names what failed in the output of `cargo test`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::io::Write;
use std::process::{Command, Stdio};

const TWO_SUITES: &str = "
     Running unittests src/lib.rs (target/debug/deps/jobs-1)

running 3 tests
.FF
failures:

---- a::fails stdout ----
thread 'a::fails' panicked
    a line of its message

failures:
    a::fails
    b::fails

test result: FAILED. 1 passed; 2 failed; 0 ignored

   Doc-tests jobs

failures:
    src/lib.rs - greet (line 12)

test result: FAILED. 0 passed; 1 failed; 0 ignored

error: 2 targets failed:
    `-p jobs --lib`
    `-p jobs --doc`
";

const CRASHED: &str = "
     Running tests/it/main.rs (target/debug/deps/it-2)

running 1 test
error: test failed, to rerun pass `-p jobs --test it`

Caused by:
  process didn't exit successfully (signal: 11, SIGSEGV: invalid memory reference)
error: 1 target failed:
    `-p jobs --test it`
";

fn named(output: &str) -> Vec<String> {
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/../bin/failed-tests");
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(output.as_bytes()).unwrap();
    let printed = child.wait_with_output().unwrap();
    assert!(printed.status.success());
    String::from_utf8(printed.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn each_failed_test_is_named_with_its_file() {
    let expected =
        ["test a::fails in src/lib.rs", "test b::fails in src/lib.rs", "test src/lib.rs - greet (line 12) in jobs"];
    assert_eq!(named(TWO_SUITES), expected);
}

#[test]
fn a_program_of_tests_that_crashed_is_named_by_the_command_that_repeats_it() {
    assert_eq!(named(CRASHED), ["cargo test -p jobs --test it"]);
}

#[test]
fn a_run_that_failed_without_a_word_is_not_a_success() {
    assert_eq!(named("error: no such command\n"), ["the tests"]);
}
