//! A generated project compiles, passes its tests and runs.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fixture::CommandOutput;

/// The target folder of this workspace, which has most dependencies of the project already.
fn target() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_jobs"));
    binary.parent().and_then(Path::parent).unwrap().to_owned()
}

pub(crate) fn run(program: impl AsRef<Path>, folder: &Path, args: &[&str]) -> CommandOutput {
    CommandOutput::new(command(program, folder, args).output().unwrap())
}

fn command(program: impl AsRef<Path>, folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program.as_ref());
    command.args(args).current_dir(folder).env("CARGO_TARGET_DIR", target());
    for variable in ["JOBS_URL", "JOBS_ENV", "JOBS_CONFIG"] {
        command.env_remove(variable);
    }
    command
}

#[test]
fn a_new_project_with_two_more_jobs_compiles_passes_its_tests_and_runs() {
    // Always the same folder, since cargo would keep the build of each other one.
    let (folder, jobs) = (Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects"), env!("CARGO_BIN_EXE_jobs"));
    let _missing = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    run(jobs, &folder, &["new", "stall"]).done();
    let stall = folder.join("stall");
    let email = ["generate", "job", "SendEmail", "user_id:integer", "template:string", "note:text?", "ids:Vec<u64>"];
    run(jobs, &stall, &[email.as_slice(), &["--queue", "emails", "--base", "ApplicationJob"]].concat()).done();
    let args = ["generate", "job", "admin/cleanup", "days:u32", "share:float", "--base", "ApplicationJob"];
    run(jobs, &stall.join("src"), &args).done();

    // The project is inside this workspace, but not a member of it.
    let manifest = fs::read_to_string(stall.join("Cargo.toml")).unwrap();
    fs::write(stall.join("Cargo.toml"), manifest + "\n[workspace]\n").unwrap();
    // The same versions as in the workspace, so that nothing is downloaded.
    fs::copy(checkout.join("Cargo.lock"), stall.join("Cargo.lock")).unwrap();
    let tested = run(env!("CARGO"), &stall, &["test", "--offline"]);
    let output = format!("{}{}", tested.out, tested.err);
    assert!(tested.status == 0 && tested.out.contains("3 passed"), "{output}");
    assert!(!output.contains("warning"), "{output}");
    // rustfmt may not be installed.
    let form = run(env!("CARGO"), &stall, &["fmt", "--check"]);
    assert!(form.status == 0 || !form.err.is_empty(), "{}", form.out);

    run(env!("CARGO"), &stall, &["build", "--offline", "--quiet"]).done();
    let program = target().join("debug").join(format!("stall{}", std::env::consts::EXE_SUFFIX));
    let enqueued = run(&program, &stall, &["greet", "Ada"]).done();
    let id = enqueued.strip_prefix("enqueued ").unwrap().trim();
    let listed = run(&program, &stall, &["list"]).done();
    assert!(listed.contains("greet") && listed.contains(id), "{enqueued}{listed}");
    let mut child = command(&program, &stall, &["start"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "greet runs");
    assert_eq!(lines.next().unwrap().unwrap(), "  name: \"Ada\"");
    let kill = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success() && child.wait().unwrap().success(), "the exit status is 0");
}
