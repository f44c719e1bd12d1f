/** What the seeded company is made of; invented names only. */
export const FIRST_NAMES = [
  'Amara', 'Bruno', 'Chiara', 'Dmitri', 'Esra', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jakub', 'Keiko', 'Liam', 'Mei', 'Nadia', 'Oskar',
  'Paula', 'Quentin', 'Rosa', 'Samir', 'Tessa', 'Umar', 'Vera', 'Wanda', 'Xavier', 'Yara', 'Zoltan', 'Aiko', 'Bjorn', 'Carla', 'Deniz',
] as const;

export const LAST_NAMES = [
  'Abebe', 'Becker', 'Costa', 'Dubois', 'Eriksen', 'Ferrari', 'Garcia', 'Hansen', 'Ito', 'Jansen', 'Kaya', 'Larsen', 'Moreau', 'Nowak',
  'Olsen', 'Petit', 'Quispe', 'Rossi', 'Santos', 'Tanaka', 'Ueda', 'Vega', 'Wagner', 'Xu', 'Yilmaz', 'Zhang', 'Adler', 'Brandt', 'Castro',
  'Duarte', 'Engel', 'Fischer', 'Gomez', 'Haas', 'Ivanova', 'Jensen', 'Klein', 'Lopes',
] as const;

/** A department, how many in a hundred work there, and what its people are given. */
export interface Department {
  readonly name: string;
  readonly slug: string;
  readonly share: number;
  readonly licences: readonly string[];
}

export const DEPARTMENTS: readonly Department[] = [
  { name: 'Engineering', slug: 'engineering', share: 34, licences: ['office', 'ide'] },
  { name: 'Platform', slug: 'platform', share: 8, licences: ['office', 'ide', 'cloud-console'] },
  { name: 'Sales', slug: 'sales', share: 18, licences: ['office', 'crm'] },
  { name: 'Marketing', slug: 'marketing', share: 9, licences: ['office', 'design'] },
  { name: 'Support', slug: 'support', share: 13, licences: ['office', 'crm'] },
  { name: 'Finance', slug: 'finance', share: 7, licences: ['office', 'erp'] },
  { name: 'People', slug: 'people', share: 4, licences: ['office', 'hris'] },
  { name: 'IT', slug: 'it', share: 4, licences: ['office', 'cloud-console'] },
  { name: 'Security', slug: 'security', share: 3, licences: ['office', 'ide', 'cloud-console'] },
];

export const PROJECTS = [
  'atlas', 'beacon', 'cobalt', 'delta', 'ember', 'falcon', 'granite', 'harbor', 'indigo', 'juniper', 'kestrel', 'lumen', 'maple', 'nimbus',
  'onyx', 'prism', 'quartz', 'raven', 'sierra', 'tundra', 'umbra', 'vertex', 'willow', 'xenon', 'yonder', 'zephyr', 'acorn', 'birch', 'cedar',
  'dune', 'fjord', 'glacier', 'heron', 'iris', 'jade', 'krill',
] as const;

export const SYSTEMS = ['payments-db', 'orders-api', 'edge-gateway', 'data-warehouse', 'identity-core', 'billing', 'search', 'deploy-pipeline'] as const;
