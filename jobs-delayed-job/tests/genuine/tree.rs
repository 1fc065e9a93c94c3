//! The tree of a Debian release that `bin/ruby` made, and the program that runs in it.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use jobs_testing::skip;
use serde_json::Value;

/// The folder with the trees.
const TREES: &str = "JOBS_TEST_RUBY";

/// Delayed Job 4.1.9 with Rails 6.1, 4.1.13 and 4.2.0 with Rails 7.2.
pub(crate) const RELEASES: [&str; 3] = ["bookworm", "trixie", "forky"];

const PROGRAM: &str = include_str!("delayed_job.rb");

/// A folder of one test in the tree.
pub(crate) struct Tree {
    root: PathBuf,
    folder: tempfile::TempDir,
}

impl Tree {
    /// If there is no such tree, or it has no Delayed Job, the test is recorded as skipped.
    pub(crate) fn of(release: &str) -> Option<Self> {
        let trees = std::env::var_os(TREES).filter(|trees| !trees.is_empty());
        let root = trees.map(|trees| PathBuf::from(trees).join(release));
        let specification = "usr/share/rubygems-integration/all/specifications";
        let has_delayed_job = |root: &PathBuf| {
            let files = std::fs::read_dir(root.join(specification)).into_iter().flatten().flatten();
            files.into_iter().any(|file| file.file_name().to_string_lossy().starts_with("delayed_job_active_record"))
        };
        let Some(root) = root.filter(has_delayed_job) else {
            skip(&format!(
                "{TREES} names no folder with Delayed Job of Debian {release}; `bin/ruby tree {release}` makes one"
            ));
            return None;
        };
        let folder = tempfile::tempdir_in(root.join("app")).unwrap();
        std::fs::write(folder.path().join("delayed_job.rb"), PROGRAM).unwrap();
        Some(Self { root, folder })
    }

    /// What the worker did with rows of these columns.
    pub(crate) fn perform(&self, rows: &[Value]) -> Vec<Value> {
        let lines: Vec<String> = rows.iter().map(Value::to_string).collect();
        std::fs::write(self.folder.path().join("rows"), lines.join("\n") + "\n").unwrap();
        self.run(&["perform", "rows", "result"])
    }

    /// The rows of jobs of each kind.
    pub(crate) fn enqueue(&self) -> Vec<Value> {
        self.run(&["enqueue", "result"])
    }

    fn run(&self, arguments: &[&str]) -> Vec<Value> {
        let inside = format!("/app/{}", self.folder.path().file_name().unwrap().to_string_lossy());
        let mut command = Command::new("chroot");
        command.arg(&self.root).args(["/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "HOME=/root", "LANG=C.UTF-8"]);
        command.args(["ruby", "-C", inside.as_str(), "delayed_job.rb"]).args(arguments);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let result = std::fs::read_to_string(self.folder.path().join("result")).unwrap();
        result.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
