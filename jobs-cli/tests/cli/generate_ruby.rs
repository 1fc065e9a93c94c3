//! `generate remote` and `generate ruby`: code for jobs that cross the border to Ruby.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fixture::{CommandOutput, shop};

/// What the first test writes is compiled here.
#[path = "samples/charge.rs"]
#[rustfmt::skip]
#[allow(unreachable_pub)]
mod charge;

const RUBY: &str = include_str!("samples/charge_job.rb");
const RUST: &str = include_str!("samples/charge.rs");

/// A package whose program does nothing, beside a Ruby file.
fn package(ruby: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("Cargo.toml", "[package]\nname = \"shop\"\n"),
        ("src/main.rs", "fn main() {}\n"),
        ("app/jobs/billing/charge_job.rb", ruby),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn generate(program: &Path, folder: &Path, args: &[&str]) -> CommandOutput {
    CommandOutput::new(Command::new(program).arg("generate").args(args).current_dir(folder).output().unwrap())
}

fn remote(folder: &Path) -> CommandOutput {
    generate(Path::new(env!("CARGO_BIN_EXE_jobs")), folder, &["remote", "app/jobs/billing/charge_job.rb"])
}

#[test]
fn a_ruby_job_becomes_a_function_with_its_queue_and_parameters() {
    let package = package(RUBY);
    let printed = remote(package.path()).done();
    let written = fs::read_to_string(package.path().join("src/background/billing/charge.rs")).unwrap();
    assert_eq!(written, RUST);
    assert!(printed.contains("`Billing::ManyJob` is not declared: `*ids` takes any number of arguments"), "{printed}");
    let modules = fs::read_to_string(package.path().join("src/background/mod.rs")).unwrap();
    assert!(modules.contains("pub mod billing;"), "{modules}");
}

#[test]
fn retries_of_a_class_are_told_with_what_makes_them_count() {
    let class = |retry: &str| format!("class A\n  sidekiq_options retry: {retry}\n  def perform(id)\n  end\nend\n");
    let printed = remote(package(&class("false")).path()).done();
    assert!(printed.contains("`A` says `retry: false` to Sidekiq") && printed.contains("retry=class"), "{printed}");
    let printed = remote(package(&class("true")).path()).done();
    assert!(!printed.contains("retry=class"), "{printed}");
}

#[test]
fn the_written_function_enqueues_with_the_defaults_of_ruby() {
    let amount = jobs::active_job::Value::of(&12).unwrap();
    let job = charge::Charge::new(7, amount).note("Thanks");
    assert_eq!(serde_json::to_string(&job).unwrap(), r#"{"order_id":7,"amount":12,"note":"Thanks"}"#);
}

#[test]
fn a_file_without_a_job_that_can_be_declared_is_refused() {
    for (ruby, words) in [
        ("class Helper\n  def call\n  end\nend\n", "has no class with a method `perform`"),
        ("class A < ApplicationJob\n  def perform(**options)\n  end\nend\n", "takes keywords of any name"),
    ] {
        let package = package(ruby);
        let error = remote(package.path()).refused(1);
        assert!(error.contains(words), "{error}");
        assert!(!package.path().join("src/background").exists());
    }
}

#[test]
fn a_class_that_is_refused_does_not_keep_others_from_being_declared() {
    let class = |name: &str, parameters: &str| format!("class {name}\n  def perform({parameters})\n  end\nend\n");
    let classes = ["ResultJob", "TypeJob", "Job", "MailJob", "Mail", "ÜberJob", "NoteJob"];
    let package = package(&classes.map(|name| class(name, "id")).concat());
    let printed = remote(package.path()).done();
    for refused in ["ResultJob", "TypeJob", "Job", "Mail", "ÜberJob"] {
        assert!(printed.contains(&format!("`{refused}` is not declared: ")), "{refused}: {printed}");
    }
    let first = fs::read_to_string(package.path().join("src/background/mail.rs")).unwrap();
    assert!(first.contains("\n// `TypeJob` is not declared: `type` is a keyword of Rust"), "{first}");
    assert!(package.path().join("src/background/note.rs").exists());
}

#[test]
fn each_job_of_a_program_becomes_a_class_that_ruby_accepts() {
    let folder = tempfile::tempdir().unwrap();
    generate(&shop(), folder.path(), &["ruby", "--folder", "jobs", "--parent", "Object"]).done();
    let file = folder.path().join("jobs/send_mail_job.rb");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("class SendMailJob < Object\n"), "{text}");
    assert!(text.contains("  def perform(address, subject)\n"), "{text}");
    let Ok(version) = Command::new("ruby").arg("-v").output() else {
        eprintln!("not checked: ruby is not installed");
        return;
    };
    assert!(version.status.success());
    for entry in fs::read_dir(folder.path().join("jobs")).unwrap() {
        let path = entry.unwrap().path();
        let checked = Command::new("ruby").arg("-wc").arg(&path).output().unwrap();
        assert!(checked.status.success() && checked.stderr.is_empty(), "{}: {checked:?}", path.display());
    }
}
