//! The arithmetic. `just mixed-load` measures whether the server keeps to it.

use proptest::prelude::*;

use super::*;
use crate::memory::part::StoreMemory;

fn divide(mib: u64, cores: usize) -> Division {
    with_store(mib, cores, Some(StoreMemory::default()))
}

fn with_store(mib: u64, cores: usize, store: Option<StoreMemory>) -> Division {
    Division::new(&Facts {
        memory: MemorySize::of_bytes(mib * MIB),
        cores,
        store,
    })
}

#[test]
fn with_much_memory_every_part_has_its_largest_size() {
    for (mib, cores) in [(6 << 10, 2), (64 << 10, 16)] {
        let division = divide(mib, cores);
        assert_eq!((division.memtable_mib(), division.block_cache_mib()), (64, 64));
        assert_eq!((division.candidates(), division.embeddings()), (96 << 20, 256 << 20));
        assert_eq!((division.matches(), division.queue()), (64 << 20, 64 << 20));
        assert_eq!(division.ranked_jobs(), 3072);
        assert_eq!((division.bodies(), division.connections()), (256 << 20, 1024));
        assert!((division.entries() - 1.0).abs() < 1e-9);
        assert_eq!(division.password_permits(), cores);
        assert_eq!(division.readers(), Readers::ample(cores));
        assert_eq!(division.excess(), 0);
    }
}

#[test]
fn half_of_a_small_machine_keeps_the_buffers_of_the_store() {
    let division = divide(2 << 10, 2);
    assert_eq!((division.memtable_mib(), division.block_cache_mib()), (64, 64));
    assert_eq!(division.candidates(), 96 << 20);
    assert!(division.embeddings() >= 64 << 20);
    assert_eq!(division.readers().count, 2);
}

#[test]
fn the_minimum_is_enough_for_every_part() {
    for cores in [1, 2, 64] {
        let division = divide(MemorySize::MINIMUM.bytes() / MIB, cores);
        assert_eq!(division.excess(), 0);
        assert!(division.memtable_mib() >= 16 && division.block_cache_mib() >= 16);
        // One body of the largest length.
        assert!(division.bodies() >= 6 << 20);
        assert_eq!((division.password_permits(), division.readers().count), (1, 1));
        assert_eq!(division.ranked_jobs(), 1000);
        assert!(division.readers().memory >= LEAST_READER && division.connections() >= 256);
    }
}

#[test]
fn settings_of_the_store_take_from_the_other_parts() {
    let store = |memtable_mib, block_cache_mib| {
        let settings = StoreMemory {
            memtable_mib,
            block_cache_mib,
        };
        with_store(1 << 10, 2, Some(settings))
    };
    let plain = divide(1 << 10, 2);
    let set = store(Some(100), None);
    assert_eq!((set.memtable_mib(), set.excess()), (100, 0));
    assert!(set.bodies() < plain.bodies() && set.block_cache_mib() < plain.block_cache_mib());
    let set = store(Some(16), Some(16));
    assert!(set.bodies() > plain.bodies());
    let set = store(Some(64), Some(1024));
    assert!(set.excess() > 200 * MIB && set.password_permits() == 1, "{set}");
    let remote = with_store(1 << 10, 2, None);
    assert_eq!((remote.memtable_mib(), remote.block_cache_mib()), (0, 0));
    assert!(remote.bodies() > plain.bodies());
}

#[test]
fn the_line_for_operators_names_every_part() {
    let line = divide(1 << 10, 2).to_string();
    assert!(line.starts_with("program 176, accounts and jobs "), "{line}");
    assert!(
        line.ends_with(" (MiB)") && line.matches(", ").count() == Part::COUNT,
        "{line}"
    );
    assert_eq!(line.lines().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// The parts fit into the memory, use nearly all of it, and grow with it.
    #[test]
    fn the_parts_make_up_the_memory(mib in 512_u64..100_000, more in 0_u64..10_000, cores in 1_usize..200) {
        let (small, large) = (divide(mib, cores), divide(mib + more, cores));
        for division in [small, large] {
            let sum: u64 = division.parts().map(|(_, size)| size).sum();
            prop_assert_eq!(division.excess(), 0);
            prop_assert!(division.memory().bytes() - sum < 1024, "{}", division);
            let Readers { count, memory } = division.readers();
            prop_assert!(count as u64 * memory <= division.size(Part::Documents));
            prop_assert!((1..=16).contains(&count) && memory >= LEAST_READER);
        }
        let pairs = small.parts().zip(large.parts());
        for ((name, before), (_, after)) in pairs {
            prop_assert!(before <= after, "{}: {} {}", name, before, after);
        }
    }
}
