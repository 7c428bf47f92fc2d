//! The limit of the system: the memory of the machine, and the limits of the control groups of this process.
//!
//! A limit applies to a group and to all groups inside it, so the groups above that of the process are read too. In a
//! container, the path of the group may be that of the host, which does not exist inside; the limit is then that of the
//! mounted root.

use std::path::{Component, Path, PathBuf};

use super::size::MemorySize;

/// Version 1 states "no limit" as the largest number of whole pages, and some kernels as other numbers near it.
const UNLIMITED: u64 = 1 << 60;
/// The memory of a machine that does not state it.
const UNKNOWN_MACHINE: u64 = 4 << 30;

/// The limits, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Limits {
    /// The memory of the machine; `None` if it is not known.
    pub machine: Option<u64>,
    /// The lowest limit of a control group of this process; `None` without one.
    pub group: Option<u64>,
}

impl Limits {
    /// Reads the limits of this process. What cannot be read does not limit.
    #[must_use]
    pub fn read() -> Self {
        Self::read_below(Path::new("/"))
    }

    /// The size of a server that is not configured: half of the machine, which has other work, but three quarters of a
    /// control group, which is made for the server. The rest of a group is for the page cache.
    #[must_use]
    pub fn default_memory(self) -> MemorySize {
        let machine = self.machine.unwrap_or(UNKNOWN_MACHINE) / 2;
        let group = self.group.map_or(u64::MAX, |bytes| bytes / 4 * 3);
        MemorySize::of_bytes(machine.min(group)).max(MemorySize::MINIMUM)
    }

    /// The memory at which the system ends processes; `None` if it is not known.
    #[must_use]
    pub fn lowest(self) -> Option<u64> {
        self.machine.into_iter().chain(self.group).min()
    }

    fn read_below(root: &Path) -> Self {
        let read = |path: &Path| std::fs::read_to_string(path).ok();
        let groups = read(&root.join("proc/self/cgroup")).map(|text| Groups::parse(&text));
        let Groups { unified, memory } = groups.unwrap_or_default();
        let mounted = root.join("sys/fs/cgroup");
        // The second mount is that of systems with both versions.
        let version_2 = [mounted.clone(), mounted.join("unified")].map(|mount| (mount, unified.clone()));
        let version_1 = (mounted.join("memory"), memory);
        let folders = version_2.into_iter().chain([version_1]);
        let folders = folders.flat_map(|(mount, path)| path.map(|path| above(&mount, &path)).unwrap_or_default());
        let limits = folders.flat_map(|folder| {
            ["memory.max", "memory.high", "memory.limit_in_bytes"]
                .map(|name| read(&folder.join(name)).and_then(|text| limit(&text)))
        });
        Self {
            machine: read(&root.join("proc/meminfo")).and_then(|text| total(&text)),
            group: limits.flatten().min(),
        }
    }
}

/// The control groups of a process, as absolute paths below the mount.
#[derive(Debug, Default, PartialEq, Eq)]
struct Groups {
    /// The group of version 2.
    unified: Option<String>,
    /// The group of version 1 that limits memory.
    memory: Option<String>,
}

impl Groups {
    /// Parses `/proc/self/cgroup`: lines of number, controllers and path (cgroups(7)).
    fn parse(text: &str) -> Self {
        let mut groups = Self::default();
        for line in text.lines() {
            let mut fields = line.splitn(3, ':');
            let (Some(number), Some(controllers), Some(path)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            if number == "0" && controllers.is_empty() {
                groups.unified = Some(path.to_owned());
            } else if controllers.split(',').any(|controller| controller == "memory") {
                groups.memory = Some(path.to_owned());
            }
        }
        groups
    }
}

/// The folder of a group and those of the groups around it, up to the mount.
fn above(mount: &Path, path: &str) -> Vec<PathBuf> {
    // A group outside of the namespace of the process is shown with `..` at its beginning.
    let names = Path::new(path).components().filter_map(|component| match component {
        Component::Normal(name) => Some(name),
        _ => None,
    });
    let mut folder = mount.to_owned();
    let mut folders = vec![folder.clone()];
    for name in names {
        folder.push(name);
        folders.push(folder.clone());
    }
    folders
}

/// Parses the limit of a group; `None` if it has none.
fn limit(text: &str) -> Option<u64> {
    text.trim().parse().ok().filter(|bytes| *bytes < UNLIMITED)
}

/// Parses `MemTotal` of `/proc/meminfo`, in bytes.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim_end().parse().ok()?;
    kib.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    //! Sample files of both versions. What the kernel enforces is measured by `just mixed-load`.

    use std::fs;

    use super::*;

    const MIB: u64 = 1 << 20;

    /// The limits of a system with these files.
    fn limits(files: &[(&str, &str)]) -> Limits {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Limits::read_below(root.path())
    }

    const MEMINFO: (&str, &str) = (
        "proc/meminfo",
        "MemTotal:        8048576 kB\nMemFree:         1000 kB\n",
    );

    #[test]
    fn groups_are_found_in_either_version() {
        let parse = Groups::parse;
        let groups = |unified: Option<&str>, memory: Option<&str>| Groups {
            unified: unified.map(str::to_owned),
            memory: memory.map(str::to_owned),
        };
        assert_eq!(
            parse("0::/system.slice/portcullis.service\n"),
            groups(Some("/system.slice/portcullis.service"), None)
        );
        assert_eq!(
            parse("9:name=systemd:/a\n4:cpuset,memory:/docker/abc:def\n1:cpu:/b\n0::/\n"),
            groups(Some("/"), Some("/docker/abc:def"))
        );
        assert_eq!(parse("4:memoryless:/a\n\nnonsense\n"), groups(None, None));
    }

    #[test]
    fn no_limit_is_told_from_a_limit() {
        assert_eq!(limit("1073741824\n"), Some(1 << 30));
        for text in ["max\n", "9223372036854771712\n", "18446744073709551615\n", "", "-1\n"] {
            assert_eq!(limit(text), None, "{text}");
        }
        assert_eq!(total(MEMINFO.1), Some(8_048_576 * 1024));
        for text in ["", "MemFree: 5 kB\n", "MemTotal: many kB\n"] {
            assert_eq!(total(text), None, "{text}");
        }
    }

    #[test]
    fn the_lowest_limit_of_the_groups_around_a_process_applies() {
        let own = ("proc/self/cgroup", "0::/outer/inner\n");
        let found = limits(&[
            MEMINFO,
            own,
            ("sys/fs/cgroup/outer/memory.max", "1073741824\n"),
            ("sys/fs/cgroup/outer/inner/memory.max", "max\n"),
            ("sys/fs/cgroup/outer/other/memory.max", "1048576\n"),
        ]);
        assert_eq!((found.machine, found.group), (Some(8_048_576 * 1024), Some(1 << 30)));
        assert_eq!(found.default_memory().to_string(), "768MiB");
        let found = limits(&[
            own,
            ("sys/fs/cgroup/outer/memory.max", "1073741824\n"),
            ("sys/fs/cgroup/outer/inner/memory.high", "943718400\n"),
        ]);
        assert_eq!((found.machine, found.group), (None, Some(900 * MIB)));
    }

    #[test]
    fn version_1_and_both_versions_together_limit() {
        let own = ("proc/self/cgroup", "4:memory:/docker/abc\n0::/\n");
        let unlimited = "9223372036854771712\n";
        let found = limits(&[
            own,
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", unlimited),
            ("sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes", "536870912\n"),
        ]);
        assert_eq!(found.group, Some(512 * MIB));
        // Inside a container, the group of the process is the mounted root.
        let found = limits(&[own, ("sys/fs/cgroup/memory/memory.limit_in_bytes", "2147483648\n")]);
        assert_eq!(found.group, Some(2 << 30));
        let found = limits(&[
            ("proc/self/cgroup", "4:cpu:/a\n0::/a\n"),
            ("sys/fs/cgroup/unified/a/memory.max", "3221225472\n"),
        ]);
        assert_eq!(found.group, Some(3 << 30));
    }

    #[test]
    fn without_files_nothing_limits() {
        assert_eq!(limits(&[]), Limits::default());
        assert_eq!(Limits::default().default_memory().to_string(), "2GiB");
        assert_eq!(Limits::default().lowest(), None);
        let found = limits(&[
            ("proc/self/cgroup", "0::/../../x\n"),
            ("sys/fs/cgroup/x/memory.max", "max\n"),
        ]);
        assert_eq!(found, Limits::default());
    }

    #[test]
    fn the_default_is_a_share_and_at_least_the_minimum() {
        let default = |machine: u64, group: Option<u64>| {
            let limits = Limits {
                machine: Some(machine * MIB),
                group: group.map(|mib| mib * MIB),
            };
            limits.default_memory().bytes() / MIB
        };
        assert_eq!(default(16_384, None), 8_192);
        assert_eq!(default(4_096, Some(4_096)), 2_048);
        assert_eq!(default(16_384, Some(1_024)), 768);
        assert_eq!(default(16_384, Some(256)), 512);
        assert_eq!(default(512, None), 512);
    }
}
