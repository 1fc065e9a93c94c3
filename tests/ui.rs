//! Programs with one mistake each and the recorded compiler errors, and programs that must compile and run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The compiler that gave the recorded errors; other versions word them differently.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn each_mistake_gives_the_recorded_compiler_errors() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().expect("the compiler prints its version").stdout;
    if !version.starts_with(COMPILER.as_bytes()) {
        eprintln!("not compared: the recorded errors are those of {COMPILER}");
        return;
    }
    trybuild::TestCases::new().compile_fail("tests/ui/fail/*.rs");
}

// A test of its own: programs that must compile are built one by one, those that must fail all at once.
#[test]
fn each_correct_program_compiles_and_runs() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}

#[test]
fn at_least_45_programs_must_fail_and_12_must_pass() {
    let (failing, passing) = (programs("fail").len(), programs("pass").len());
    assert!(failing >= 45 && passing >= 12, "{failing} that must fail, {passing} that must pass");
}

#[test]
fn each_mistake_gives_as_many_errors_as_its_first_line_says() {
    let mut wrong = Vec::new();
    for program in programs("fail") {
        let (text, errors) = (read(&program), read(&program.with_extension("stderr")));
        let expected = text.lines().next().and_then(|line| line.strip_prefix("//! errors: ")?.parse().ok());
        let found = errors.lines().filter(|line| line.starts_with("error")).count();
        if expected != Some(found) {
            wrong.push(format!("{}: {found} errors, its first line says {expected:?}", program.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_mistake_makes_the_compiler_miss_the_job_itself() {
    let follow_ups = ["undeclared type `Deliver`", "cannot find type `Deliver`", "found for struct `Deliver`"];
    for program in programs("fail") {
        let errors = read(&program.with_extension("stderr"));
        for follow_up in follow_ups {
            assert!(!errors.contains(follow_up), "{}: {follow_up}", program.display());
        }
    }
}

fn programs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui").join(folder);
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let files = entries.map(|entry| entry.expect("the entry can be read").path());
    let mut programs: Vec<_> = files.filter(|file| file.extension().is_some_and(|ending| ending == "rs")).collect();
    programs.sort();
    programs
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| format!("{}: {error}", file.display()))
}
