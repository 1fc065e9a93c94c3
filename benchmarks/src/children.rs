//! Programs and processes: each step runs in a new process.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bench_protocol::{Outcome, Report, Step, Task};

use crate::contestant::{self, Contestant, Program};
use crate::options::Options;

/// The programs of the contestants.
pub(crate) struct Programs {
    this: PathBuf,
}

impl Programs {
    /// Builds the programs of the peers into the target folder of this program.
    pub(crate) fn build(options: &Options) -> Outcome<Self> {
        let programs = Self { this: std::env::current_exe()? };
        let mut built: Vec<&str> = Vec::new();
        let takes_part = |one: &Contestant| options.phases().any(|phase| one.does(phase));
        for absent in contestant::all(options.store).iter().filter(|one| !one.is_here()) {
            eprintln!(
                "`{}` is left out: it needs root, and a tree that `bin/ruby` makes below the folder JOBS_RUBY_TREES",
                absent.name
            );
        }
        for contestant in options.contestants().filter(takes_part) {
            if let Program::Beside(folder) = contestant.program
                && !built.contains(&folder)
            {
                built.push(folder);
                programs.build_one(folder)?;
            }
        }
        Ok(programs)
    }

    fn build_one(&self, folder: &str) -> Outcome<()> {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join("Cargo.toml");
        let target = self.this.parent().and_then(Path::parent).ok_or("this program stands in no target folder")?;
        let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
        cargo.args(["build", "--release", "--quiet", "--manifest-path"]).arg(manifest).arg("--target-dir").arg(target);
        let status = cargo.status()?;
        if status.success() { Ok(()) } else { Err(format!("`{folder}` cannot be built").into()) }
    }

    fn path(&self, program: Program) -> PathBuf {
        match program {
            Program::This | Program::Ruby(_) => self.this.clone(),
            Program::Beside(folder) => self.this.with_file_name(format!("bench-{folder}")),
        }
    }

    /// Runs a task in a new process and returns its report.
    pub(crate) fn run(&self, contestant: Contestant, task: &Task) -> Outcome<Report> {
        let child = self.start(contestant, task)?;
        finish(child, task)
    }

    /// A worker in one process, and the enqueuer in another.
    pub(crate) fn run_across(&self, contestant: Contestant, worker: &Task) -> Outcome<Report> {
        let mut child = self.start(contestant, worker)?;
        let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        if line.trim() != "ready" {
            return Err(format!("the worker said `{}` instead of `ready`", line.trim()).into());
        }
        self.run(contestant, &worker.with(Step::PickupSender))?;
        let mut rest = String::new();
        output.read_to_string(&mut rest)?;
        ended(child, worker)?;
        Ok(serde_json::from_str(rest.trim())?)
    }

    fn start(&self, contestant: Contestant, task: &Task) -> Outcome<Child> {
        let mut command = if let Some(tree) = contestant.program.tree() {
            in_tree(&tree)?
        } else {
            let mut command = Command::new(self.path(contestant.program));
            command.stdin(Stdio::null());
            command
        };
        Ok(command.args(task.arguments()?).stdout(Stdio::piped()).spawn()?)
    }
}

/// Ruby in this tree, which reads its program from the standard input.
fn in_tree(tree: &Path) -> Outcome<Command> {
    let program = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("sidekiq/main.rb"))?;
    let mut command = Command::new("chroot");
    command.arg(tree).args(["/usr/bin/env", "-i", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", "ruby", "-"]).stdin(program);
    Ok(command)
}

fn finish(mut child: Child, task: &Task) -> Outcome<Report> {
    let mut text = String::new();
    child.stdout.take().ok_or("no output")?.read_to_string(&mut text)?;
    ended(child, task)?;
    let line = text.lines().last().ok_or("the child reported nothing")?;
    Ok(serde_json::from_str(line)?)
}

fn ended(mut child: Child, task: &Task) -> Outcome<()> {
    let status = child.wait()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`{}` failed at {:?}: {status}; what it said stands above", task.contestant, task.step).into())
}
