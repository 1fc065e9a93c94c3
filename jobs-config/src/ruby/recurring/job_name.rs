//! The name of the job that stands for a Ruby class.

use jobs_core::Registry;

/// The name of the job for a class: the class itself if a job has it as name or alias, else the name of a function,
/// `Admin::CleanupJob` → `admin/cleanup` or `admin/cleanup_job`, depending on which one the program has.
pub(crate) fn job_name(class: &str, registry: Option<&Registry>) -> String {
    let whole = underscored(class);
    let short = whole.strip_suffix("_job").filter(|short| !short.is_empty() && !short.ends_with('/')).unwrap_or(&whole);
    let known = [class, short, &whole].into_iter().find(|name| registry.is_some_and(|all| all.get(name).is_some()));
    known.unwrap_or(short).to_owned()
}

/// As `underscore` in Rails.
fn underscored(class: &str) -> String {
    let class = class.trim_start_matches("::").replace("::", "/");
    let characters: Vec<char> = class.chars().collect();
    let mut name = String::with_capacity(class.len() + 4);
    for (index, letter) in characters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| characters.get(before)).copied().unwrap_or('/');
        let after = characters.get(index + 1).copied().unwrap_or('/');
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
    fn a_class_gets_the_name_of_a_function() {
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
            assert_eq!(job_name(class, None), job, "{class}");
        }
    }
}
