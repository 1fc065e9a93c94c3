//! Which file is read, and for which environment, each case in its own process.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use jobs::prelude::*;

const CHILD: &str = "JOBS_TEST_CONFIG";

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

/// Not a test of its own: the process with the other environment.
#[tokio::test]
async fn child() {
    let Ok(named) = std::env::var(CHILD) else { return };
    let config = jobs::Config::load().unwrap();
    println!("environment {}", config.environment);
    let mut builder = config.builder().register(jobs::jobs![Work]);
    if !named.is_empty() {
        builder = builder.connect(named);
    }
    let _jobs = builder.build().await.unwrap().client();
}

const FILE: &str = "
development: { store: sqlite:development.db }
production: { store: \"sqlite:${NAME:-production}.db\" }
";

struct Fixture {
    folder: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        fixture.write("config/jobs.yml", FILE);
        fixture
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the child with these variables, and with `named` as the store of the program.
    fn run(&self, named: &str, variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["loading::child", "--exact", "--nocapture"]).current_dir(self.path()).env(CHILD, named);
        for name in ["JOBS_CONFIG", "JOBS_ENV", "JOBS_URL", "NAME"] {
            command.env_remove(name);
        }
        command.envs(variables.iter().copied()).output().unwrap()
    }

    /// The databases that a child with these variables made.
    fn databases(&self, named: &str, variables: &[(&str, &str)]) -> Vec<String> {
        let output = self.run(named, variables);
        assert!(output.status.success(), "{}", said(&output));
        let files = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        files.filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "db")).collect()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8([&*output.stdout, &*output.stderr].concat()).unwrap()
}

#[test]
fn without_a_variable_the_environment_is_development() {
    assert_eq!(Fixture::new().databases("", &[]), ["development.db"]);
    assert_eq!(Fixture::new().databases("", &[("JOBS_ENV", "")]), ["development.db"]);
    assert!(said(&Fixture::new().run("", &[])).contains("environment development"));
}

#[test]
fn a_variable_chooses_the_environment() {
    assert_eq!(Fixture::new().databases("", &[("JOBS_ENV", "production")]), ["production.db"]);
    assert!(said(&Fixture::new().run("", &[("JOBS_ENV", "production")])).contains("environment production"));
}

#[test]
fn variables_of_the_process_are_expanded() {
    assert_eq!(Fixture::new().databases("", &[("JOBS_ENV", "production"), ("NAME", "named")]), ["named.db"]);
}

#[test]
fn the_url_of_the_environment_comes_before_that_of_the_file() {
    assert_eq!(Fixture::new().databases("", &[("JOBS_URL", "sqlite:other.db")]), ["other.db"]);
    assert_eq!(Fixture::new().databases("", &[("JOBS_URL", "")]), ["development.db"]);
}

#[test]
fn the_url_of_the_program_comes_before_both() {
    assert_eq!(Fixture::new().databases("sqlite:program.db", &[("JOBS_URL", "sqlite:other.db")]), ["program.db"]);
}

#[test]
fn a_variable_names_another_file() {
    let fixture = Fixture::new();
    fixture.write("elsewhere.yml", "development: { store: sqlite:elsewhere.db }");
    assert_eq!(fixture.databases("", &[("JOBS_CONFIG", "elsewhere.yml")]), ["elsewhere.db"]);
}

#[test]
fn an_environment_without_a_section_ends_the_program_with_the_known_ones() {
    let output = Fixture::new().run("", &[("JOBS_ENV", "prodution")]);
    let words = "config/jobs.yml:1:1: the environment `prodution` has no section; there is `development` and \
                 `production`; did you mean `production`?";
    assert!(!output.status.success() && said(&output).contains(words), "{}", said(&output));
}

#[test]
fn a_file_that_is_missing_is_named_with_the_folder_and_the_variable() {
    let fixture = Fixture::new();
    for (variables, name) in
        [(&[("JOBS_CONFIG", "gone.yml")], "gone.yml"), (&[("JOBS_CONFIG", "gone/a.yml")], "gone/a.yml")]
    {
        let output = fixture.run("", variables);
        let words = format!("there is no `{name}` in `{}`", fixture.path().display());
        let all = said(&output);
        assert!(!output.status.success() && all.contains(&words) && all.contains("`JOBS_CONFIG`"), "{all}");
    }
}

#[test]
fn a_file_is_searched_only_in_the_working_directory() {
    let fixture = Fixture::new();
    let inner = fixture.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["loading::child", "--exact", "--nocapture"]).current_dir(inner).env(CHILD, "");
    let output = command.env_remove("JOBS_CONFIG").output().unwrap();
    assert!(!output.status.success() && said(&output).contains("there is no `config/jobs.yml` in"));
}

#[test]
fn a_file_that_is_no_text_or_a_folder_cannot_be_read() {
    let fixture = Fixture::new();
    fs::write(fixture.path().join("binary.yml"), [0xff, 0xfe, 0x00]).unwrap();
    let all = said(&fixture.run("", &[("JOBS_CONFIG", "binary.yml")]));
    assert!(all.contains("`binary.yml` is not text in UTF-8"), "{all}");
    let all = said(&fixture.run("", &[("JOBS_CONFIG", "config")]));
    assert!(all.contains("`config` cannot be read"), "{all}");
}
