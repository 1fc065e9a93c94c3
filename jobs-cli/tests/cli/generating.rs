//! Jobs that are written into a project. Whether it compiles is tested by `projects`.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::place::Said;

/// A folder with these files in it.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// A package whose program does nothing yet.
fn package() -> tempfile::TempDir {
    folder(&[("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/main.rs", "fn main() {}\n")])
}

fn jobs(folder: &Path, words: &[&str]) -> Said {
    Said::new(Command::new(env!("CARGO_BIN_EXE_jobs")).args(words).current_dir(folder).output().unwrap())
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
fn a_job_is_written_with_its_arguments_its_test_and_its_place() {
    let package = package();
    let place = package.path();
    jobs(place, &["generate", "job", "SendEmail", "user_id:integer", "template:string"]).done();
    let job = read(place, "src/background/send_email.rs");
    assert!(job.contains("#[job]\npub async fn send_email(user_id: i64, template: String)"), "{job}");
    assert!(job.contains("SendEmail::perform_later(1, \"template\")"), "{job}");
    jobs(place, &["g", "job", "bill", "ids:Vec<u64>", "note:string?"]).done();
    let module = "pub mod bill;\npub mod send_email;\n";
    assert_eq!(read(place, "src/background/mod.rs"), format!("//! Jobs that run in the background.\n\n{module}"));
    assert_eq!(read(place, "src/main.rs"), "mod background;\n\nfn main() {}\n");
}

#[test]
fn a_job_is_written_for_its_queue() {
    let package = package();
    jobs(package.path(), &["generate", "job", "bill", "--queue", "emails"]).done();
    assert!(read(package.path(), "src/background/bill.rs").contains("#[job(queue = \"emails\")]\n"));
    let said = jobs(package.path(), &["generate", "job", "other", "--queue", "two words"]).refused(1);
    assert!(said.contains("two words"), "{said}");
}

#[test]
fn a_job_is_written_with_its_base_which_is_made_once() {
    let package = package();
    let place = package.path();
    jobs(place, &["generate", "job", "bill", "--base", "ApplicationJob"]).done();
    let base = read(place, "src/background/application_job.rs");
    assert!(base.contains("pub struct ApplicationJob;"), "{base}");
    fs::write(place.join("src/background/application_job.rs"), "changed").unwrap();
    jobs(place, &["generate", "job", "ship", "--parent", "ApplicationJob"]).done();
    assert_eq!(read(place, "src/background/application_job.rs"), "changed");
    let job = read(place, "src/background/ship.rs");
    assert!(job.contains("use crate::background::application_job::ApplicationJob;\n\n"), "{job}");
    assert!(job.contains("#[job(base = ApplicationJob)]\n"), "{job}");
    jobs(place, &["generate", "job", "pack", "--base", "crate::own::NightJob"]).done();
    assert!(read(place, "src/background/pack.rs").contains("#[job(base = crate::own::NightJob)]\n"));
}

#[test]
fn a_base_that_is_elsewhere_is_not_made_again() {
    let package = package();
    fs::write(package.path().join("src/own.rs"), "#[jobs::base]\nstruct ApplicationJob;\n").unwrap();
    let said = jobs(package.path(), &["generate", "job", "bill", "--base", "ApplicationJob"]).refused(1);
    assert!(said.contains("own.rs`: say its path, as `--base crate::own::ApplicationJob`"), "{said}");
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs", "src/own.rs"]);
}

#[test]
fn a_job_in_a_module_is_stored_under_its_whole_name() {
    let package = package();
    let place = package.path();
    jobs(place, &["generate", "job", "Admin::CleanupJob"]).done();
    assert!(read(place, "src/background/admin/cleanup.rs").contains("#[job(name = \"admin/cleanup\")]\n"));
    assert_eq!(read(place, "src/background/admin/mod.rs"), "pub mod cleanup;\n");
    assert!(read(place, "src/background/mod.rs").ends_with("\npub mod admin;\n"));
}

#[test]
fn a_module_has_one_file_whichever_form_it_has() {
    let package = package();
    let place = package.path();
    fs::write(place.join("src/background.rs"), "//! Ours.\n").unwrap();
    jobs(place, &["generate", "job", "admin/cleanup"]).done();
    assert_eq!(read(place, "src/background.rs"), "//! Ours.\n\npub mod admin;\n");
    let said = jobs(place, &["generate", "job", "admin"]).refused(1);
    assert!(said.contains("src/background/admin/mod.rs` is a module of this name already"), "{said}");
    jobs(place, &["generate", "job", "bill"]).done();
    jobs(place, &["generate", "job", "bill/late"]).done();
    assert!(read(place, "src/background/bill.rs").contains("pub mod late;\n"));
}

#[test]
fn the_ending_job_is_not_doubled() {
    for name in ["CleanupJob", "cleanup_job", "Cleanup"] {
        let package = package();
        jobs(package.path(), &["generate", "job", name]).done();
        assert!(files(package.path()).contains(&"src/background/cleanup.rs".to_owned()), "{name}");
    }
}

#[test]
fn a_file_that_is_there_is_never_overwritten_and_nothing_else_is_written() {
    let package = package();
    let place = package.path();
    jobs(place, &["generate", "job", "bill"]).done();
    let (job, all) = (read(place, "src/background/bill.rs"), files(place));
    let said = jobs(place, &["generate", "job", "BillJob", "id:u64", "--base", "ApplicationJob"]).refused(1);
    assert!(said.contains("src/background/bill.rs` is there already"), "{said}");
    assert_eq!((read(place, "src/background/bill.rs"), files(place)), (job, all));
}

#[test]
fn names_and_types_that_are_none_are_refused_before_anything_is_written() {
    let package = package();
    for (words, expected) in [
        (["match", "id:u64"], "a word of Rust's own"),
        (["../bill", "id:u64"], "no name of a job"),
        (["bill", "id:intger"], "did you mean `integer`?"),
        (["bill", "type:string"], "a word of Rust's own"),
    ] {
        let said = jobs(package.path(), &["generate", "job", words[0], words[1]]).refused(1);
        assert!(said.contains(expected), "{said}");
    }
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs"]);
}

#[test]
fn outside_of_a_package_it_says_where_to_go() {
    let said = jobs(folder(&[]).path(), &["generate", "job", "bill"]).refused(1);
    assert!(said.contains("`jobsctl new shop`"), "{said}");
    let workspace = folder(&[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let said = jobs(workspace.path(), &["generate", "job", "bill"]).refused(1);
    assert!(said.contains("a workspace without a package"), "{said}");
}

#[test]
fn from_a_folder_within_the_package_it_goes_to_the_library() {
    let files = [("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/lib.rs", "//! Shop.\n"), ("src/main.rs", "")];
    let package = folder(&files);
    jobs(&package.path().join("src"), &["generate", "job", "bill"]).done();
    assert_eq!(read(package.path(), "src/lib.rs"), "//! Shop.\n\npub mod background;\n");
    assert_eq!(read(package.path(), "src/main.rs"), "");
}

#[test]
fn a_line_that_cannot_be_added_safely_is_asked_for() {
    let main = "mod background {}\nfn main() {}\n";
    let package = folder(&[("Cargo.toml", "[package]\nname = \"shop\"\n"), ("src/main.rs", main)]);
    let said = jobs(package.path(), &["generate", "job", "bill"]).done();
    assert!(said.contains("add the line `mod background;` to src/main.rs"), "{said}");
    assert_eq!(read(package.path(), "src/main.rs"), main);
}

#[test]
fn crates_that_the_package_does_not_have_are_named() {
    let package = package();
    let said = jobs(package.path(), &["generate", "job", "bill", "day:date", "--json"]).json();
    let said = &said["next"];
    for command in ["cargo add jobs", "cargo add chrono --features serde", "cargo add --dev jobs-testing"] {
        assert!(said.as_array().unwrap().iter().any(|next| next == command), "{said}");
    }
}

#[test]
fn a_dry_run_prints_what_would_be_written_and_writes_nothing() {
    let package = package();
    let said = jobs(package.path(), &["generate", "job", "bill", "--dry-run"]).done();
    assert!(
        said.contains("create  src/background/bill.rs\n      + //!") && said.contains("+ mod background;"),
        "{said}"
    );
    let said = jobs(package.path(), &["new", "mail", "--dry-run"]).done();
    assert!(said.contains("create  Cargo.toml"), "{said}");
    assert_eq!(files(package.path()), ["Cargo.toml", "src/main.rs"]);
}

#[test]
fn for_programs_the_files_are_listed() {
    let package = package();
    let said = jobs(package.path(), &["generate", "job", "bill", "--json"]).json();
    let expected = serde_json::json!([
        { "path": "src/background/bill.rs", "action": "create" },
        { "path": "src/background/mod.rs", "action": "create" },
        { "path": "src/main.rs", "action": "change" },
    ]);
    assert_eq!(said["files"], expected);
}

#[test]
fn a_new_project_refuses_names_and_folders_that_will_not_do() {
    let place = folder(&[("full/file", "")]);
    for (name, words) in [
        ("full", "is there and not empty"),
        ("Shop", "no name of a crate"),
        ("1shop", "no name of a crate"),
        ("..", "no name of a crate"),
        ("match", "a word of Rust's own"),
        ("jobs", "choose another one"),
    ] {
        let said = jobs(place.path(), &["new", name]).refused(1);
        assert!(said.contains(words), "{name}: {said}");
    }
    let said = jobs(place.path(), &["new", "shop", "--path", "."]).refused(1);
    assert!(said.contains("no folder with the sources of jobs"), "{said}");
    assert_eq!(files(place.path()), ["full/file"]);
}

#[test]
fn a_new_project_within_a_workspace_is_to_become_its_member() {
    let workspace = folder(&[("Cargo.toml", "[workspace]\nmembers = []\n")]);
    let said = jobs(workspace.path(), &["new", "shop"]).done();
    assert!(said.contains("add it to `members`"), "{said}");
}
