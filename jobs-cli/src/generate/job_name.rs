//! Derives the names of a job from the name that the user typed.

use heck::{ToSnakeCase, ToUpperCamelCase};
use jobs::Error;

/// Names of types that the generated code uses.
const RESERVED: &[&str] =
    &["Box", "Default", "Err", "None", "Ok", "Option", "Result", "Some", "String", "TestJobs", "Vec"];

/// The names of a job.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct JobName {
    /// The modules between the module of all jobs and that of this job.
    pub(crate) modules: Vec<String>,
    /// The name of the function and of the file.
    pub(crate) function: String,
    /// The name of the struct with the arguments.
    pub(crate) structure: String,
}

impl JobName {
    /// Parses `SendEmail`, `send_email_job`, `admin/cleanup` or `Admin::CleanupJob`.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let unified = text.replace("::", "/");
        let mut parts = unified.split('/').map(|part| snake_case(text, part)).collect::<Result<Vec<_>, _>>()?;
        let last = parts.pop().unwrap_or_default();
        let function = last.strip_suffix("_job").unwrap_or(&last).to_owned();
        if function == "job" {
            return Err(Error::invalid("`job` does not say what the job does; write a name such as `SendEmail`"));
        }
        for part in parts.iter().chain([&function]) {
            check_identifier(part)?;
        }
        let structure = function.to_upper_camel_case();
        if RESERVED.contains(&structure.as_str()) {
            return Err(Error::invalid(format!(
                "`{structure}` is a type that the generated code uses; choose another name"
            )));
        }
        Ok(Self { modules: parts, function, structure })
    }

    /// The name that is stored, if it differs from the function's. A job in a module is stored with its path, because
    /// another module may have a function of the same name.
    pub(crate) fn stored_name(&self) -> Option<String> {
        (!self.modules.is_empty()).then(|| format!("{}/{}", self.modules.join("/"), self.function))
    }
}

fn snake_case(name: &str, part: &str) -> Result<String, Error> {
    let is_plain = part.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    let snake = part.to_snake_case();
    if is_plain && snake.starts_with(|character: char| character.is_ascii_lowercase()) {
        return Ok(snake);
    }
    Err(Error::invalid(format!(
        "`{name}` is not a valid name of a job: write letters, digits and `_`, beginning with a letter, as in `SendEmail` \
         or `admin/cleanup`"
    )))
}

/// Refuses a name that is not an identifier of Rust.
pub(crate) fn check_identifier(name: &str) -> Result<(), Error> {
    if syn::parse_str::<syn::Ident>(name).is_ok() {
        return Ok(());
    }
    let is_keyword = !name.is_empty() && name.chars().all(|character| character.is_ascii_lowercase());
    let problem = if is_keyword { "is a keyword of Rust" } else { "is not a valid name in Rust" };
    Err(Error::invalid(format!("`{name}` {problem}; choose another name")))
}

#[cfg(test)]
mod tests {
    use super::JobName;

    #[test]
    fn a_name_may_have_either_case_and_the_suffix_job() {
        for text in ["SendEmail", "send_email", "SendEmailJob", "send_email_job"] {
            let name = JobName::parse(text).unwrap();
            assert_eq!(
                (name.function.as_str(), name.structure.as_str(), name.stored_name()),
                ("send_email", "SendEmail", None)
            );
        }
    }

    #[test]
    fn a_name_in_a_module_is_stored_with_the_module() {
        for text in ["admin/old_files/cleanup", "Admin::OldFiles::CleanupJob"] {
            let name = JobName::parse(text).unwrap();
            assert_eq!(name.modules, ["admin", "old_files"]);
            assert_eq!(name.stored_name().as_deref(), Some("admin/old_files/cleanup"));
        }
    }

    #[test]
    fn names_that_would_not_compile_are_refused() {
        for (text, expected) in [
            ("", "not a valid name of a job"),
            ("1up", "not a valid name of a job"),
            ("send-email", "not a valid name of a job"),
            ("../cleanup", "not a valid name of a job"),
            ("admin/", "not a valid name of a job"),
            ("Grüße", "not a valid name of a job"),
            ("Job", "does not say"),
            ("match", "a keyword of Rust"),
            ("self/cleanup", "a keyword of Rust"),
            ("ModJob", "a keyword of Rust"),
            ("String", "a type that the generated code uses"),
        ] {
            let error = JobName::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
