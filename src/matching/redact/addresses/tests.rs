//! Addresses and places, and what is like them.

use super::place::{is_place, is_unknown_place};
use super::street::is_address;

#[test]
fn addresses_of_many_countries_are_found() {
    for address in [
        "12 Mill Lane, Lanewick LS1 4ZZ",
        "Hauptstr. 5, 10115 Berlin",
        "12 rue de la Paix, 75002 Paris",
        "Calle Mayor 3, 2º B",
        "PO Box 12, Lanewick",
        "84 Alder Court, Columbus, OH 43215",
        "ul. Lipowa 7/3, 00-950 Warszawa",
        "Via Roma 1, 20121 Milano",
        "Kerkstraat 12, 1017 CA Amsterdam",
        "Storgatan 4, 111 22 Stockholm",
        "Rua Augusta, 100, São Paulo",
        "1 High St",
        "Lindenweg 3a",
        "北京市朝阳区建国路100号",
        "〒100-0001 東京都千代田区1-1",
        "서울시 강남구 테헤란로 12",
        "Jl. Sudirman No. 5, Jakarta",
        "ул. Ленина, д. 5, кв. 7",
        "1200 Maple Avenue Apt 4B",
        "Flat 3, 22 Quay Street, Cork T12",
        "K1A 0B1",
        "12 Baker Street",
        "RR 2 Box 118, Cadiz KY",
        "P.O Box 30197-00100, Nairobi",
        "Flat No 302, Sai Residency",
        "Unit 3, 15 Smith St, Footscray VIC 3011",
        "Bd. Unirii nr. 12, bl. 5",
        "Atatürk Cad. No:15 D:4",
    ] {
        assert!(is_address(address), "{address}");
    }
    for other in [
        "Drove 12 trucks a day on the road",
        "Led 5 teams",
        "Senior Data Engineer",
        "Worked in 10 countries",
        "2015 Best Chef",
        "Built 120 km of road",
        "Chef, 120 covers",
        "10 years of Java",
        "Bridge Street Hospital",
        "ISO 9001",
        "Way of working",
        "12 Angry Cooks",
    ] {
        assert!(!is_address(other), "{other}");
    }
}

#[test]
fn places_are_told_from_titles_and_credentials() {
    assert!(is_place("Leeds, United Kingdom") && is_place("Columbus, OH") && is_place("Hà Nội, Việt Nam"));
    assert!(is_unknown_place("Lanewick") && is_unknown_place("Lanewick, Ruritania"));
    for other in [
        "Site Engineer",
        "CPA, PMP",
        "Data Platform",
        "Line Cook",
        "Centro de Salud La Alameda",
        "Lycée du Vieux Lavoir",
        "Klinikum Lanewick",
    ] {
        assert!(!is_place(other) && !is_unknown_place(other), "{other}");
    }
}
