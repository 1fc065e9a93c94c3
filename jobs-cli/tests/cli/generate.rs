//! `generate` and `new`: which files they write. `new_project` tests that the code compiles.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::fixture::CommandOutput;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A package whose program does nothing.
fn package() -> tempfile::TempDir {
    folder(&[("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/main.rs", "fn main() {}\n")])
}

fn jobs(folder: &Path, args: &[&str]) -> CommandOutput {
    CommandOutput::new(Command::new(env!("CARGO_BIN_EXE_jobs")).args(args).current_dir(folder).output().unwrap())
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).unwrap()
}

/// All files below the folder, sorted.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_job_is_written_with_its_arguments_its_test_and_its_module() {
    let package = package();
    let dir = package.path();
    jobs(dir, &["generate", "job", "SendEmail", "user_id:integer", "template:string"]).done();
    let job = read(dir, "src/background/send_email.rs");
    assert!(job.contains("#[job]\npub async fn send_email(user_id: i64, template: String)"), "{job}");
    assert!(job.contains("SendEmail::perform_later(1, \"template\")"), "{job}");
    jobs(dir, &["g", "job", "bill", "ids:Vec<u64>", "note:string?"]).done();
    let module = "pub mod bill;\npub mod send_email;\n";
    assert_eq!(read(dir, "src/background/mod.rs"), format!("//! Jobs that run in the background.\n\n{module}"));
    assert_eq!(read(dir, "src/main.rs"), "mod background;\n\nfn main() {}\n");
}

#[test]
fn a_job_is_written_for_its_queue() {
    let package = package();
    jobs(package.path(), &["generate", "job", "bill", "--queue", "emails"]).done();
    assert!(read(package.path(), "src/background/bill.rs").contains("#[job(queue = \"emails\")]\n"));
    let output = jobs(package.path(), &["generate", "job", "other", "--queue", "two words"]).refused(1);
    assert!(output.contains("two words"), "{output}");
}

#[test]
fn a_job_is_written_with_its_base_which_is_written_once() {
    let package = package();
    let dir = package.path();
    jobs(dir, &["generate", "job", "bill", "--base", "ApplicationJob"]).done();
    let base = read(dir, "src/background/application_job.rs");
    assert!(base.contains("pub struct ApplicationJob;"), "{base}");
    fs::write(dir.join("src/background/application_job.rs"), "changed").unwrap();
    jobs(dir, &["generate", "job", "ship", "--parent", "ApplicationJob"]).done();
    assert_eq!(read(dir, "src/background/application_job.rs"), "changed");
    let job = read(dir, "src/background/ship.rs");
    assert!(job.contains("use crate::background::application_job::ApplicationJob;\n\n"), "{job}");
    assert!(job.contains("#[job(base = ApplicationJob)]\n"), "{job}");
    jobs(dir, &["generate", "job", "pack", "--base", "crate::own::NightJob"]).done();
    assert!(read(dir, "src/background/pack.rs").contains("#[job(base = crate::own::NightJob)]\n"));
}

#[test]
fn a_base_in_another_file_is_not_written_again() {
    let package = package();
    fs::write(package.path().join("src/own.rs"), "#[jobs::base]\nstruct ApplicationJob;\n").unwrap();
    let output = jobs(package.path(), &["generate", "job", "bill", "--base", "ApplicationJob"]).refused(1);
    assert!(output.contains("own.rs`: give its path, as in `--base crate::own::ApplicationJob`"), "{output}");
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs", "src/own.rs"]);
}

#[test]
fn a_job_in_a_module_is_stored_under_its_whole_name() {
    let package = package();
    let dir = package.path();
    jobs(dir, &["generate", "job", "Admin::CleanupJob"]).done();
    assert!(read(dir, "src/background/admin/cleanup.rs").contains("#[job(name = \"admin/cleanup\")]\n"));
    assert_eq!(read(dir, "src/background/admin/mod.rs"), "pub mod cleanup;\n");
    assert!(read(dir, "src/background/mod.rs").ends_with("\npub mod admin;\n"));
}

#[test]
fn a_module_keeps_the_form_of_its_file() {
    let package = package();
    let dir = package.path();
    fs::write(dir.join("src/background.rs"), "//! Ours.\n").unwrap();
    jobs(dir, &["generate", "job", "admin/cleanup"]).done();
    assert_eq!(read(dir, "src/background.rs"), "//! Ours.\n\npub mod admin;\n");
    let output = jobs(dir, &["generate", "job", "admin"]).refused(1);
    assert!(output.contains("src/background/admin/mod.rs` is a module of this name already"), "{output}");
    jobs(dir, &["generate", "job", "bill"]).done();
    jobs(dir, &["generate", "job", "bill/late"]).done();
    assert!(read(dir, "src/background/bill.rs").contains("pub mod late;\n"));
}

#[test]
fn the_suffix_job_is_not_repeated() {
    for name in ["CleanupJob", "cleanup_job", "Cleanup"] {
        let package = package();
        jobs(package.path(), &["generate", "job", name]).done();
        assert!(files(package.path()).contains(&"src/background/cleanup.rs".to_owned()), "{name}");
    }
}

#[test]
fn an_existing_file_is_never_overwritten_and_nothing_else_is_written() {
    let package = package();
    let dir = package.path();
    jobs(dir, &["generate", "job", "bill"]).done();
    let (job, all) = (read(dir, "src/background/bill.rs"), files(dir));
    let output = jobs(dir, &["generate", "job", "BillJob", "id:u64", "--base", "ApplicationJob"]).refused(1);
    assert!(output.contains("src/background/bill.rs` exists already"), "{output}");
    assert_eq!((read(dir, "src/background/bill.rs"), files(dir)), (job, all));
}

#[test]
fn invalid_names_and_types_are_refused_before_anything_is_written() {
    let package = package();
    for (args, expected) in [
        (["match", "id:u64"], "a keyword of Rust"),
        (["../bill", "id:u64"], "not a valid name of a job"),
        (["bill", "id:intger"], "did you mean `integer`?"),
        (["bill", "type:string"], "a keyword of Rust"),
    ] {
        let output = jobs(package.path(), &["generate", "job", args[0], args[1]]).refused(1);
        assert!(output.contains(expected), "{output}");
    }
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs"]);
}

#[test]
fn outside_of_a_package_the_error_says_where_to_go() {
    let output = jobs(folder(&[]).path(), &["generate", "job", "bill"]).refused(1);
    assert!(output.contains("`jobsctl new shop`"), "{output}");
    let workspace = folder(&[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let output = jobs(workspace.path(), &["generate", "job", "bill"]).refused(1);
    assert!(output.contains("a workspace without a package"), "{output}");
}

#[test]
fn from_a_folder_within_the_package_the_job_goes_to_the_library() {
    let files = [("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/lib.rs", "//! Shop.\n"), ("src/main.rs", "")];
    let package = folder(&files);
    jobs(&package.path().join("src"), &["generate", "job", "bill"]).done();
    assert_eq!(read(package.path(), "src/lib.rs"), "//! Shop.\n\npub mod background;\n");
    assert_eq!(read(package.path(), "src/main.rs"), "");
}

#[test]
fn a_line_that_cannot_be_added_safely_is_left_to_the_user() {
    let main = "mod background {}\nfn main() {}\n";
    let package = folder(&[("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/main.rs", main)]);
    let output = jobs(package.path(), &["generate", "job", "bill"]).done();
    assert!(output.contains("add the line `mod background;` to src/main.rs"), "{output}");
    assert_eq!(read(package.path(), "src/main.rs"), main);
}

#[test]
fn missing_crates_are_named() {
    let package = package();
    let output = jobs(package.path(), &["generate", "job", "bill", "day:date", "--json"]).json();
    let output = &output["next"];
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().display();
    for command in [
        format!("cargo add jobs --path \"{sources}\""),
        "cargo add chrono --features serde".to_owned(),
        format!("cargo add --dev jobs-testing --path \"{sources}/jobs-testing\""),
    ] {
        assert!(output.as_array().unwrap().iter().any(|next| *next == command), "{output}");
    }
}

#[test]
fn a_dry_run_prints_what_would_be_written_and_writes_nothing() {
    let package = package();
    let output = jobs(package.path(), &["generate", "job", "bill", "--dry-run"]).done();
    assert!(
        output.contains("create  src/background/bill.rs\n      + //!") && output.contains("+ mod background;"),
        "{output}"
    );
    let output = jobs(package.path(), &["new", "mail", "--dry-run"]).done();
    assert!(output.contains("create  Cargo.toml"), "{output}");
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs"]);
}

#[test]
fn the_json_lists_the_files() {
    let package = package();
    let output = jobs(package.path(), &["generate", "job", "bill", "--json"]).json();
    let expected = serde_json::json!([
        { "path": "src/background/bill.rs", "action": "create" },
        { "path": "src/background/mod.rs", "action": "create" },
        { "path": "src/main.rs", "action": "change" },
    ]);
    assert_eq!(output["files"], expected);
}

#[test]
fn a_new_project_refuses_invalid_names_and_folders_that_are_not_empty() {
    let dir = folder(&[("full/file", "")]);
    for (name, args) in [
        ("full", "exists and is not empty"),
        ("Shop", "not a valid name of a crate"),
        ("1shop", "not a valid name of a crate"),
        ("..", "not a valid name of a crate"),
        ("match", "a keyword of Rust"),
        ("jobs", "that the project needs"),
    ] {
        let output = jobs(dir.path(), &["new", name]).refused(1);
        assert!(output.contains(args), "{name}: {output}");
    }
    let output = jobs(dir.path(), &["new", "shop", "--path", "."]).refused(1);
    assert!(output.contains("not a folder with the sources of `jobs`"), "{output}");
    assert_eq!(files(dir.path()), ["full/file"]);
}

#[test]
fn a_new_project_within_a_workspace_must_become_its_member() {
    let workspace = folder(&[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let output = jobs(workspace.path(), &["new", "shop"]).done();
    assert!(output.contains("add it to `members`"), "{output}");
}

#[test]
fn the_help_of_commands_that_open_no_store_has_no_flags_about_stores() {
    let dir = folder(&[]);
    for command in [&["new", "--help"][..], &["generate", "--help"], &["generate", "job", "--help"], &["man", "--help"]]
    {
        let help = jobs(dir.path(), command).done();
        assert!(!help.contains("--url") && !help.contains("--environment"), "{command:?}: {help}");
        assert!(help.contains("--json"), "{command:?}: {help}");
    }
    let help = jobs(dir.path(), &["list", "--help"]).done();
    assert!(help.contains("--url") && help.contains("--environment"), "{help}");
    jobs(dir.path(), &["new", "mail", "--url", "memory:", "--dry-run"]).done();
}
