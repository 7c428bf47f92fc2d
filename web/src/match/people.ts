/** An invented person whose data replace those of a resume. */
export interface Person {
  readonly given: string;
  readonly family: string;
  readonly mail: string;
  readonly link: string;
  readonly address: string;
  readonly place: string;
  /** The day, month and year of birth. */
  readonly born: readonly [day: number, month: number, year: number];
  readonly age: number;
  readonly nationality: string;
}

export const PEOPLE: readonly Person[] = [
  {
    given: "Amina",
    family: "Diallo",
    mail: "amina.diallo@example.org",
    link: "linkedin.com/in/amina-diallo-example",
    address: "27 Orchard Way, Milbrook MB3 8DZ",
    place: "Lagos, Nigeria",
    born: [2, 11, 1969],
    age: 57,
    nationality: "Nigerian",
  },
  {
    given: "Tomasz",
    family: "Zielinski",
    mail: "tomasz.zielinski@example.net",
    link: "linkedin.com/in/tomasz-zielinski-example",
    address: "5 Station Road, Oakford OK2 4RT",
    place: "Warsaw, Poland",
    born: [23, 4, 2001],
    age: 25,
    nationality: "Polish",
  },
  {
    given: "Yuki",
    family: "Tanaka",
    mail: "yuki.tanaka@example.com",
    link: "linkedin.com/in/yuki-tanaka-example",
    address: "118 Garden Street, Lanewick LW1 9AB",
    place: "Osaka, Japan",
    born: [30, 8, 1983],
    age: 43,
    nationality: "Japanese",
  },
];
