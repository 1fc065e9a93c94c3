//! Which job a class of Ruby's is.

use jobs_core::Registry;

/// The name of the job for a class: the class itself if a job has it as name or alias, else as a function is called,
/// `Admin::CleanupJob` → `admin/cleanup` or `admin/cleanup_job`, whichever the program has.
pub(crate) fn job_of(class: &str, registry: Option<&Registry>) -> String {
    let whole = underscored(class);
    let short = whole.strip_suffix("_job").filter(|short| !short.is_empty() && !short.ends_with('/')).unwrap_or(&whole);
    let known = [class, short, &whole].into_iter().find(|name| registry.is_some_and(|all| all.find(name).is_some()));
    known.unwrap_or(short).to_owned()
}

/// Rails' `underscore`.
fn underscored(class: &str) -> String {
    let class = class.trim_start_matches("::").replace("::", "/");
    let letters: Vec<char> = class.chars().collect();
    let mut name = String::with_capacity(class.len() + 4);
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or('/');
        let after = letters.get(place + 1).copied().unwrap_or('/');
        let begins =
            before.is_lowercase() || before.is_ascii_digit() || (before.is_uppercase() && after.is_lowercase());
        if letter.is_uppercase() && begins {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_called_as_a_function_would_be() {
        for (class, job) in [
            ("CleanupJob", "cleanup"),
            ("Admin::CleanupJob", "admin/cleanup"),
            ("::SendEmail", "send_email"),
            ("HTMLExportJob", "html_export"),
            ("Sync2GoJob", "sync2_go"),
            ("Job", "job"),
            ("Admin::Job", "admin/job"),
            ("send_mail", "send_mail"),
        ] {
            assert_eq!(job_of(class, None), job, "{class}");
        }
    }
}
