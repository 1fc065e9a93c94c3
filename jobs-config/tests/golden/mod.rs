//! Files with the configuration that is read from each (`.config`) or all its mistakes (`.error`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use jobs_config::Config;

/// A folder of files.
pub(crate) struct Golden {
    pub(crate) folder: &'static str,
    /// The file name under which each is read.
    pub(crate) file: fn(&str) -> &'static str,
}

/// A test for each file, and one test that no file is missing in the list.
macro_rules! golden {
    ($files:ident: $($name:ident)*) => {
        $(#[test] fn $name() { $files.compare(stringify!($name)); })*

        #[test]
        fn each_file_has_its_test_and_one_expectation() {
            $files.has_only(&[$(stringify!($name)),*]);
        }
    };
}
pub(crate) use golden;

/// All of a configuration, also what its `Debug` leaves out.
fn shown(config: &Config) -> String {
    let arguments = config.recurring.iter().map(|task| format!("arguments of {}: {}\n", task.key, task.arguments));
    format!("{config:#?}\nstore: {:?}\n{}", config.store, arguments.collect::<String>())
}

impl Golden {
    pub(crate) fn compare(&self, name: &str) {
        let file = self.path().join(name);
        let text = fs::read_to_string(file.with_extension("yml")).unwrap();
        let (kind, actual) = match self.outcome(name, &text) {
            Ok(config) => ("config", shown(&config)),
            Err(error) => ("error", format!("{error}\n")),
        };
        let expected = file.with_extension(kind);
        if env::var_os("BLESS").is_some() {
            fs::write(&expected, &actual).unwrap();
        }
        let written = fs::read_to_string(&expected).unwrap_or_default();
        assert!(actual == written, "{name}.{kind} differs from the current result:\n{actual}");
    }

    pub(crate) fn has_only(&self, names: &[&str]) {
        let mut files: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for entry in fs::read_dir(self.path()).unwrap() {
            let path = entry.unwrap().path();
            let part = |part: Option<&std::ffi::OsStr>| part.unwrap().to_str().unwrap().to_owned();
            files.entry(part(path.file_stem())).or_default().insert(part(path.extension()));
        }
        assert_eq!(files.keys().map(String::as_str).collect::<BTreeSet<_>>(), names.iter().copied().collect());
        for (name, kinds) in &files {
            assert!(kinds.len() == 2 && kinds.contains("yml"), "{name}: {kinds:?}");
        }
    }

    fn outcome(&self, name: &str, text: &str) -> Result<Config, jobs_core::Error> {
        let comments = text.lines().map_while(|line| line.strip_prefix("# "));
        let variables: BTreeMap<_, _> = comments.filter_map(|line| line.split_once('=')).collect();
        let environment = variables.get("JOBS_ENV").copied().unwrap_or("development");
        let lookup = |name: &str| variables.get(name).map(|value| (*value).to_owned());
        let file = (self.file)(name);
        if file != "recurring.yml" {
            return Config::parse_file(file, text, environment, lookup);
        }
        let mut config = Config::default();
        environment.clone_into(&mut config.environment);
        config.parse_recurring(file, text, lookup).map(|()| config)
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(self.folder)
    }
}
