//! What a job is called, from what was typed.

use heck::{ToSnakeCase, ToUpperCamelCase};
use jobs::Error;

/// Types that the written code uses itself.
const TAKEN: &[&str] =
    &["Box", "Default", "Err", "None", "Ok", "Option", "Result", "Some", "String", "TestJobs", "Vec"];

/// The names of a job.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JobName {
    /// The modules between that of all jobs and its own.
    pub(crate) modules: Vec<String>,
    /// The function, and the file.
    pub(crate) function: String,
    /// The struct of its arguments.
    pub(crate) structure: String,
}

impl JobName {
    /// Reads `SendEmail`, `send_email_job`, `admin/cleanup` or `Admin::CleanupJob`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let unified = text.replace("::", "/");
        let mut words = unified.split('/').map(|word| snake(text, word)).collect::<Result<Vec<_>, _>>()?;
        let last = words.pop().unwrap_or_default();
        let function = last.strip_suffix("_job").unwrap_or(&last).to_owned();
        if function == "job" {
            return Err(Error::invalid("`job` says nothing of what the job does; write a name such as `SendEmail`"));
        }
        for word in words.iter().chain([&function]) {
            identifier(word)?;
        }
        let structure = function.to_upper_camel_case();
        if TAKEN.contains(&structure.as_str()) {
            return Err(Error::invalid(format!("`{structure}` is a name of Rust's that jobs use; choose another one")));
        }
        Ok(Self { modules: words, function, structure })
    }

    /// What is stored as its name, unless that is the function's: a function of this name in another module is another
    /// job.
    pub(crate) fn stored(&self) -> Option<String> {
        (!self.modules.is_empty()).then(|| format!("{}/{}", self.modules.join("/"), self.function))
    }
}

fn snake(whole: &str, word: &str) -> Result<String, Error> {
    let plain = word.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    let snake = word.to_snake_case();
    if plain && snake.starts_with(|sign: char| sign.is_ascii_lowercase()) {
        return Ok(snake);
    }
    Err(Error::invalid(format!(
        "`{whole}` is no name of a job: write letters, digits and `_`, a letter first, as in `SendEmail` or `admin/cleanup`"
    )))
}

/// Refuses what is no identifier of Rust.
pub(crate) fn identifier(word: &str) -> Result<(), Error> {
    if syn::parse_str::<syn::Ident>(word).is_ok() {
        return Ok(());
    }
    let keyword = !word.is_empty() && word.chars().all(|sign| sign.is_ascii_lowercase());
    let why = if keyword { "is a word of Rust's own" } else { "is no name in Rust" };
    Err(Error::invalid(format!("`{word}` {why}; choose another name")))
}

#[cfg(test)]
mod tests {
    use super::JobName;

    #[test]
    fn a_name_may_be_written_in_either_case_and_with_its_ending() {
        for text in ["SendEmail", "send_email", "SendEmailJob", "send_email_job"] {
            let name = JobName::parse(text).unwrap();
            assert_eq!(
                (name.function.as_str(), name.structure.as_str(), name.stored()),
                ("send_email", "SendEmail", None)
            );
        }
    }

    #[test]
    fn a_name_in_a_module_is_stored_with_it() {
        for text in ["admin/old_files/cleanup", "Admin::OldFiles::CleanupJob"] {
            let name = JobName::parse(text).unwrap();
            assert_eq!(name.modules, ["admin", "old_files"]);
            assert_eq!(name.stored().as_deref(), Some("admin/old_files/cleanup"));
        }
    }

    #[test]
    fn names_that_would_not_compile_are_refused() {
        for (text, words) in [
            ("", "no name of a job"),
            ("1up", "no name of a job"),
            ("send-email", "no name of a job"),
            ("../cleanup", "no name of a job"),
            ("admin/", "no name of a job"),
            ("Grüße", "no name of a job"),
            ("Job", "says nothing"),
            ("match", "a word of Rust's own"),
            ("self/cleanup", "a word of Rust's own"),
            ("ModJob", "a word of Rust's own"),
            ("String", "a name of Rust's"),
        ] {
            let said = JobName::parse(text).unwrap_err().to_string();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
