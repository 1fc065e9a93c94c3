//! Genuine Delayed Job of a Debian release, in a tree that `bin/ruby` made.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use jobs_testing::skip;

use crate::application::Application;

/// The folder with the trees.
const TREES: &str = "JOBS_TEST_RUBY";

const PROGRAM: &str = include_str!("fleet.rb");

/// The tree of a release, with a folder of one test.
pub(crate) struct Tree {
    root: PathBuf,
    folder: tempfile::TempDir,
}

impl Tree {
    /// If there is no such tree, or it lacks this gem, the test is recorded as skipped.
    pub(crate) fn of(release: &str, gem: &str) -> Option<Self> {
        let trees = std::env::var_os(TREES).filter(|trees| !trees.is_empty());
        let root = trees.map(|trees| PathBuf::from(trees).join(release));
        let Some(root) = root.filter(|root| has_gem(root, "delayed_job_active_record") && has_gem(root, gem)) else {
            skip(&format!(
                "{TREES} names no folder with Delayed Job and the gem {gem} of Debian {release}; `bin/ruby tree {release}` \
                 makes one"
            ));
            return None;
        };
        let folder = tempfile::tempdir_in(root.join("app")).unwrap();
        std::fs::write(folder.path().join("fleet.rb"), PROGRAM).unwrap();
        Some(Self { root, folder })
    }

    /// A path of the folder of the test: inside of the tree, and outside.
    pub(crate) fn path(&self, name: &str) -> (String, String) {
        let folder = self.folder.path();
        let inside = Path::new("/app").join(folder.file_name().unwrap()).join(name);
        (inside.display().to_string(), folder.join(name).display().to_string())
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, application: &Application, arguments: &[&str]) {
        let output = self.command(application, arguments).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Starts a worker of this name.
    pub(crate) fn worker(&self, application: &Application, name: &str) -> Running {
        let mut command = self.command(application, &["work", name]);
        Running(command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn command(&self, application: &Application, arguments: &[&str]) -> Command {
        let mut command = Command::new("chroot");
        command.arg(&self.root).args(["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "HOME=/root", "LANG=C.UTF-8"]);
        command.arg(format!("DATABASE={}", application.of_ruby));
        command.args(["ruby", &self.path("fleet.rb").0]).args(arguments);
        command
    }
}

/// Whether a tree has the package of a gem.
fn has_gem(root: &Path, gem: &str) -> bool {
    root.join("usr/share/doc").join(format!("ruby-{}", gem.replace('_', "-"))).is_dir()
}

/// A process that is killed when it is dropped.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}
